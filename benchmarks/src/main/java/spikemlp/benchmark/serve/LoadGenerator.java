package spikemlp.benchmark.serve;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

/**
 * Sends one request again and again over connections of its own, all on the calling thread: what
 * the clients take of the cores is not the service's.
 *
 * <p>Open loop: request i is due at i/rate, whatever became of those before, and its latency counts
 * from then: what a slow server makes its callers wait is not left out.
 */
final class LoadGenerator {

  private static final long NANOS_PER_MILLI = 1_000_000;

  /** By how much a selector may wake too late; what is due sooner is not waited for with it. */
  private static final long WAKES_LATE = NANOS_PER_MILLI / 5;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final int port;
  private final ByteBuffer request;

  LoadGenerator(int port, byte[] request) {
    this.port = port;
    this.request = ByteBuffer.allocateDirect(request.length).put(request).flip();
  }

  /** When request i is due, ns after the start; the duration's end or later ends the load. */
  @FunctionalInterface
  private interface Schedule {
    long due(long i);
  }

  /** Each of {@code clients} sends its next request when the last was answered. */
  Load closed(int clients, Duration duration) {
    return run(0, clients, duration, _ -> 0);
  }

  /** {@code rate} requests a second are due, evenly; at most {@code connections} are under way. */
  Load open(double rate, int connections, Duration duration) {
    return run(rate, connections, duration, i -> (long) (i * 1e9 / rate));
  }

  private Load run(double offered, int connections, Duration duration, Schedule schedule) {
    long processor = THREADS.getCurrentThreadCpuTime();
    long start = System.nanoTime();
    try (Run run = new Run(connections, schedule, offered > 0, start)) {
      run.until(duration.toNanos());
      double seconds = (System.nanoTime() - start) / 1e9;
      return run.load(
          offered, seconds, (THREADS.getCurrentThreadCpuTime() - processor) / 1e9 / seconds);
    } catch (IOException e) {
      throw new UncheckedIOException("the load was interrupted", e);
    }
  }

  /** One load: its connections, and what they met. */
  private final class Run implements AutoCloseable {

    private final Selector selector = Selector.open();
    private final List<Connection> connections = new ArrayList<>();
    private final Queue<Connection> idle = new ArrayDeque<>();
    private final Schedule schedule;
    private final boolean open;
    private final long start;

    private final LongStream.Builder latencies = LongStream.builder();
    private final LongStream.Builder besides = LongStream.builder();
    private long refused;
    private long failed;

    /**
     * A run that has begun.
     *
     * @param open whether a latency counts from when the request was due, not from when it was sent
     */
    Run(int connections, Schedule schedule, boolean open, long start) throws IOException {
      for (int i = 0; i < connections; i++) {
        this.connections.add(new Connection(port, selector, request));
      }
      idle.addAll(this.connections);
      this.schedule = schedule;
      this.open = open;
      this.start = start;
    }

    /** Sends to the end, ns after the start, and waits until what was sent is answered. */
    void until(long end) throws IOException {
      long next = 0;
      while (true) {
        long now = System.nanoTime() - start;
        long due = schedule.due(next);
        boolean over = (open ? due : now) >= end;
        if (over && idle.size() == connections.size()) {
          return;
        }
        if (!over && due <= now && !idle.isEmpty()) {
          next++;
          send(start + (open ? due : now));
        } else {
          select(!over && !idle.isEmpty() ? due - now : Long.MAX_VALUE);
        }
      }
    }

    Load load(double offered, double seconds, double clientCores) {
      return new Load(
          offered,
          seconds,
          clientCores,
          refused,
          failed,
          new Latency(latencies.build()),
          new Latency(besides.build()));
    }

    private void send(long from) {
      Connection connection = idle.remove();
      try {
        connection.send(from);
      } catch (IOException e) {
        giveUp(connection);
      }
    }

    /**
     * Waits for answers, for so long at most. A selector counts in milliseconds: for less it is
     * only looked, so that a request is sent when it is due.
     */
    private void select(long nanos) throws IOException {
      long millis = (nanos - WAKES_LATE) / NANOS_PER_MILLI;
      if (millis > 0) {
        selector.select(this::proceed, millis);
      } else if (selector.selectNow(this::proceed) == 0) {
        LockSupport.parkNanos(nanos);
      }
    }

    private void proceed(SelectionKey key) {
      Connection connection = (Connection) key.attachment();
      try {
        connection.proceed(key).ifPresent(answer -> done(connection, answer));
      } catch (IOException e) {
        giveUp(connection);
      }
    }

    private void giveUp(Connection connection) {
      done(connection, Answer.NONE);
      connection.close();
    }

    private void done(Connection connection, Answer answer) {
      switch (answer.status()) {
        case 200 -> {
          long latency = System.nanoTime() - connection.from();
          latencies.add(latency);
          answer.runNanos().ifPresent(run -> besides.add(latency - run));
        }
        case 503 -> refused++;
        default -> failed++;
      }
      idle.add(connection);
    }

    @Override
    public void close() throws IOException {
      connections.forEach(Connection::close);
      selector.close();
    }
  }
}
