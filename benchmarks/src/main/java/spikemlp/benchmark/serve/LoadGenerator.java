package spikemlp.benchmark.serve;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Sends one request again and again over connections of its own, each with a platform thread: the
 * service's threads are virtual, and must not wait for a client's turn.
 *
 * <p>Open loop: request i is due at i/rate, whatever became of those before, and its latency counts
 * from then: what a slow server makes its callers wait is not left out.
 */
final class LoadGenerator {

  private static final int NO_ANSWER = 0;

  /** A client drops what lay idle before the server does. */
  private static final Duration LONGEST_IDLE = Duration.ofSeconds(3);

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final int port;
  private final byte[] request;

  LoadGenerator(int port, byte[] request) {
    this.port = port;
    this.request = request;
  }

  /** What one connection met. */
  private static final class Tally {
    private final List<Long> latencies = new ArrayList<>();
    private long refused;
    private long failed;
    private long processorNanos;

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
    AtomicLong next = new AtomicLong();
    long start = System.nanoTime();
    long end = duration.toNanos();
    try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
      List<Future<Tally>> clients =
          Stream.generate(() -> threads.submit(() -> send(next, schedule, offered > 0, start, end)))
              .limit(connections)
              .toList();
      List<Tally> tallies = new ArrayList<>();
      for (Future<Tally> client : clients) {
        tallies.add(client.get());
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      long[] latencies =
          tallies.stream()
              .flatMap(tally -> tally.latencies.stream())
              .mapToLong(Long::longValue)
              .toArray();
      return new Load(
          offered,
          seconds,
          tallies.stream().mapToLong(tally -> tally.processorNanos).sum() / 1e9 / seconds,
          latencies.length,
          tallies.stream().mapToLong(tally -> tally.refused).sum(),
          tallies.stream().mapToLong(tally -> tally.failed).sum(),
          Load.Latency.of(latencies));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the load was interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a client failed: " + e.getCause(), e);
    }
  }

  private Tally send(AtomicLong next, Schedule schedule, boolean open, long start, long end)
      throws IOException {
    Tally tally = new Tally();
    Connection connection = new Connection(port);
    try {
      while (true) {
        long due = schedule.due(next.getAndIncrement());
        long now = System.nanoTime() - start;
        if ((open ? due : now) >= end) {
          tally.processorNanos = THREADS.getCurrentThreadCpuTime();
          return tally;
        }
        waitUntil(start + due);
        if (connection.idle().compareTo(LONGEST_IDLE) > 0) {
          connection.close();
          connection = new Connection(port);
        }
        long from = open ? start + due : System.nanoTime();
        try {
          int status = connection.exchange(request);
          tally.add(status, System.nanoTime() - from);
        } catch (IOException e) {
          tally.add(NO_ANSWER, 0);
        }
        if (!connection.reusable()) {
          connection.close();
          connection = new Connection(port);
        }
      }
    } finally {
      connection.close();
    }
  }

  /** A thread that wakes late counts as the server's time: some hundredths of a millisecond. */
  private static void waitUntil(long nanos) {
    for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
