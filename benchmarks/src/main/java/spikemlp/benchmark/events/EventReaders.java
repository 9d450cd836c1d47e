package spikemlp.benchmark.events;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** Connections that read a job's events until closed. */
final class EventReaders implements AutoCloseable {

  private final PlatformClient platform;
  private final ConcurrentLinkedQueue<Exception> failures = new ConcurrentLinkedQueue<>();
  private final LongAdder events = new LongAdder();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;

  private EventReaders(PlatformClient platform) {
    this.platform = platform;
  }

  /** Opens the streams and returns when each has had its first event. */
  static EventReaders open(PlatformClient platform, String job, int readers)
      throws InterruptedException {
    EventReaders all = new EventReaders(platform);
    CountDownLatch first = new CountDownLatch(readers);
    for (int i = 0; i < readers; i++) {
      all.threads.add(Thread.startVirtualThread(() -> all.read(job, first)));
    }
    if (!first.await(30, TimeUnit.SECONDS)) {
      all.close();
      throw new IllegalStateException(
          "%d of %d readers got no event: %s".formatted(first.getCount(), readers, all.failures));
    }
    return all;
  }

  private void read(String job, CountDownLatch first) {
    boolean[] got = new boolean[1];
    try (Stream<String> lines = platform.events(job)) {
      lines
          .takeWhile(_ -> !closed)
          .filter(line -> line.startsWith("event:"))
          .forEach(_ -> {
            events.increment();
            if (!got[0]) {
              got[0] = true;
              first.countDown();
            }
          });
      if (!closed) {
        failures.add(new IOException("a stream ended"));
      }
    } catch (IOException | RuntimeException e) {
      if (!closed) {
        failures.add(e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Events received, over all readers. */
  long events() {
    return events.sum();
  }

  /** Ends the streams and waits for it. */
  @Override
  public void close() throws InterruptedException {
    closed = true;
    for (Thread thread : threads) {
      thread.join(5_000); // each sees its next event, a second away
    }
    if (!failures.isEmpty()) {
      throw new IllegalStateException("a reader failed: " + failures.peek());
    }
  }
}
