package spikemlp.inference.serve;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.springframework.http.HttpStatus;
import spikemlp.inference.http.ProblemWriter;

/**
 * Tells requests that there is no place, a moment after they came and many at once: no thread waits
 * for one of them, and a client that asks again at once does not take the cores from those that
 * compute.
 */
final class Refusals implements AutoCloseable {

  /** Far less than {@code Retry-After} asks for, far more than a refusal costs. */
  private static final Duration PAUSE = Duration.ofMillis(50);

  private static final Duration TICK = PAUSE.dividedBy(2);

  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("refusals").daemon().factory());

  private final Queue<Refused> waiting = new ArrayDeque<>();
  private boolean closed; // guarded by waiting

  private record Refused(Request request, Response response, Callback callback, long due) {

    void tell() {
      try {
        write();
      } catch (RuntimeException e) {
        callback.failed(e); // the others are told all the same
      }
    }

    private void write() {
      response.getHeaders().put(HttpHeader.RETRY_AFTER, Failure.RETRY_AFTER);
      ProblemWriter.write(
          request,
          response,
          callback,
          HttpStatus.SERVICE_UNAVAILABLE,
          "overloaded",
          "every place of the model is taken; try again later");
    }
  }

  /** Answers a request later, or at once when closed; nothing else may be done with it. */
  void add(Request request, Response response, Callback callback) {
    Refused refused = new Refused(request, response, callback, System.nanoTime() + PAUSE.toNanos());
    synchronized (waiting) {
      if (!closed) {
        if (waiting.isEmpty()) {
          again();
        }
        waiting.add(refused);
        return;
      }
    }
    refused.tell();
  }

  private void again() {
    ScheduledFuture<?> _ = clock.schedule(this::tellThoseDue, TICK.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void tellThoseDue() {
    long now = System.nanoTime();
    List<Refused> due = new ArrayList<>();
    synchronized (waiting) {
      while (!waiting.isEmpty() && waiting.element().due - now <= 0) {
        due.add(waiting.remove());
      }
      if (!waiting.isEmpty()) {
        again();
      }
    }
    due.forEach(Refused::tell);
  }

  /** Tells those that wait now. */
  @Override
  public void close() {
    List<Refused> rest;
    synchronized (waiting) {
      closed = true;
      rest = List.copyOf(waiting);
      waiting.clear();
    }
    clock.shutdown(); // an interrupt would close the connection that is written to
    rest.forEach(Refused::tell);
  }
}
