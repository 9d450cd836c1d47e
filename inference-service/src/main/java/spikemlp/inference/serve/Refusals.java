package spikemlp.inference.serve;

import java.nio.ByteBuffer;
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
import spikemlp.problem.Problems;

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

  private record Refused(Request request, Response response, Callback callback, long due) {

    void tell() {
      try {
        write();
      } catch (RuntimeException e) {
        callback.failed(e); // the others are told all the same
      }
    }

    private void write() {
      Problems.Body body =
          Problems.body(
              request.getHttpURI().getPath(),
              HttpStatus.SERVICE_UNAVAILABLE,
              "overloaded",
              "every place of the model is taken; try again later");
      response.setStatus(HttpStatus.SERVICE_UNAVAILABLE.value());
      response.getHeaders().put(HttpHeader.RETRY_AFTER, Failure.RETRY_AFTER);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, body.type());
      response.write(true, ByteBuffer.wrap(body.bytes()), callback);
    }
  }

  /** Answers a request later; nothing else may be done with it. */
  void add(Request request, Response response, Callback callback) {
    Refused refused = new Refused(request, response, callback, System.nanoTime() + PAUSE.toNanos());
    boolean first;
    synchronized (waiting) {
      first = waiting.isEmpty();
      waiting.add(refused);
    }
    if (first) {
      again();
    }
  }

  private void again() {
    ScheduledFuture<?> _ = clock.schedule(this::tellThoseDue, TICK.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void tellThoseDue() {
    long now = System.nanoTime();
    List<Refused> due = new ArrayList<>();
    boolean more;
    synchronized (waiting) {
      while (!waiting.isEmpty() && waiting.element().due - now <= 0) {
        due.add(waiting.remove());
      }
      more = !waiting.isEmpty();
    }
    if (more) {
      again();
    }
    due.forEach(Refused::tell);
  }

  /** Tells those that wait now. */
  @Override
  public void close() {
    clock.shutdownNow();
    synchronized (waiting) {
      waiting.forEach(Refused::tell);
      waiting.clear();
    }
  }
}
