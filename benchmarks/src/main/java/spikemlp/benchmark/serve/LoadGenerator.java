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
import java.util.function.Consumer;

/**
 * Sends one request again and again over connections of its own, all on the calling thread: what
 * the clients take of the cores is not the service's.
 *
 * <p>Open loop: request i is due at i/rate, whatever became of those before, and its latency counts
 * from then: what a slow server makes its callers wait is not left out.
 */
final class LoadGenerator {

  private static final int NO_ANSWER = 0;
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long WAKES_LATE = NANOS_PER_MILLI / 5;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final int port;
  private final ByteBuffer request;

  LoadGenerator(int port, byte[] request) {
    this.port = port;
    this.request = ByteBuffer.allocateDirect(request.length).put(request).flip();
  }

  /** What the connections met. */
  private static final class Tally {
    private final List<Long> latencies = new ArrayList<>();
    private long refused;
    private long failed;

    void add(int status, long nanos) {
      switch (status) {
        case 200 -> latencies.add(nanos);
        case 503 -> refused++;
        default -> failed++;
      }
    }
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
    Tally tally = new Tally();
    long start = System.nanoTime();
    try (Selector selector = Selector.open()) {
      Queue<Connection> idle = new ArrayDeque<>();
      for (int i = 0; i < connections; i++) {
        idle.add(new Connection(port, selector, request));
      }
      drive(selector, idle, schedule, offered > 0, start, duration.toNanos(), tally);
      for (Connection connection : idle) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the load was interrupted", e);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    long[] latencies = tally.latencies.stream().mapToLong(Long::longValue).toArray();
    return new Load(
        offered,
        seconds,
        (THREADS.getCurrentThreadCpuTime() - processor) / 1e9 / seconds,
        latencies.length,
        tally.refused,
        tally.failed,
        Load.Latency.of(latencies));
  }

  /** Until the end and what was sent before it is answered; all connections are idle then. */
  private static void drive(
      Selector selector,
      Queue<Connection> idle,
      Schedule schedule,
      boolean open,
      long start,
      long end,
      Tally tally)
      throws IOException {
    int connections = idle.size();
    long next = 0;
    while (true) {
      long now = System.nanoTime() - start;
      long due = schedule.due(next);
      boolean over = (open ? due : now) >= end;
      if (over && idle.size() == connections) {
        return;
      }
      if (!over && due <= now && !idle.isEmpty()) {
        next++;
        send(idle, start + (open ? due : now), tally);
      } else {
        boolean sends = !over && !idle.isEmpty();
        select(selector, sends ? due - now : Long.MAX_VALUE, key -> proceed(key, idle, tally));
      }
    }
  }

  private static void send(Queue<Connection> idle, long from, Tally tally) throws IOException {
    Connection connection = idle.remove();
    try {
      connection.send(from);
    } catch (IOException e) {
      giveUp(connection, idle, tally);
    }
  }

  private static void proceed(SelectionKey key, Queue<Connection> idle, Tally tally) {
    Connection connection = (Connection) key.attachment();
    try {
      connection
          .proceed(key)
          .ifPresent(answer -> {
            tally.add(answer.status(), System.nanoTime() - connection.from());
            idle.add(connection);
          });
    } catch (IOException e) {
      giveUp(connection, idle, tally);
    }
  }

  private static void giveUp(Connection connection, Queue<Connection> idle, Tally tally) {
    tally.add(NO_ANSWER, 0);
    idle.add(connection);
    connection.close();
  }

  /**
   * Waits for answers, for so long at most. A selector counts in milliseconds: for less it is only
   * looked, so that a request is sent when it is due.
   */
  private static void select(Selector selector, long nanos, Consumer<SelectionKey> ready)
      throws IOException {
    long millis = (nanos - WAKES_LATE) / NANOS_PER_MILLI;
    if (millis > 0) {
      selector.select(ready, millis);
    } else if (selector.selectNow(ready) == 0) {
      LockSupport.parkNanos(nanos);
    }
  }
}
