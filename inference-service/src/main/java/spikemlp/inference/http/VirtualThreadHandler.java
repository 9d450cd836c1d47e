package spikemlp.inference.http;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Hands a request to a virtual thread, which may wait. The handlers before it are called by the
 * thread that read the request's head, which reads no other meanwhile: a refusal there wakes none.
 */
final class VirtualThreadHandler extends Handler.Wrapper {

  private final Executor threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("request").factory());

  @Override
  public InvocationType getInvocationType() {
    return InvocationType.NON_BLOCKING;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    threads.execute(() -> handleHere(request, response, callback));
    return true;
  }

  @SuppressWarnings("IllegalCatch") // the server would answer whatever is thrown in the same way
  private void handleHere(Request request, Response response, Callback callback) {
    try {
      if (!super.handle(request, response, callback)) {
        Response.writeError(request, response, callback, HttpStatus.NOT_FOUND_404);
      }
    } catch (Throwable e) {
      Response.writeError(request, response, callback, e);
    }
  }
}
