package spikemlp.inference.http;

import java.time.Duration;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * Reads the rest of a body whose request was answered before its end, as a refusal is: a connection
 * closed on a caller that still sends would take the answer with it. No thread waits meanwhile.
 * Beyond its bounds the connection is closed.
 */
final class UnreadBodyHandler extends Handler.Wrapper {

  private final long largest;
  private final Duration within;

  /**
   * Bounds of what is read for nothing.
   *
   * @param largest bytes
   * @param within how long they may take
   */
  UnreadBodyHandler(long largest, Duration within) {
    this.largest = largest;
    this.within = within;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    return super.handle(
        request,
        response,
        new Callback.Nested(callback) {
          @Override
          public void succeeded() {
            if (request.getHeaders().contains(HttpHeader.EXPECT)) { // sends when told to go on
              callback.succeeded();
            } else {
              new Rest(request, callback).run();
            }
          }
        });
  }

  /** What is still to come; runs whenever some has. */
  private final class Rest implements Invocable.Task {

    private final Request request;
    private final Callback callback;
    private final long until = System.nanoTime() + within.toNanos();
    private long read;

    Rest(Request request, Callback callback) {
      this.request = request;
      this.callback = callback;
    }

    @Override
    public InvocationType getInvocationType() {
      return InvocationType.NON_BLOCKING;
    }

    @Override
    public void run() {
      while (read <= largest && System.nanoTime() - until < 0) {
        Content.Chunk chunk = request.read();
        if (chunk == null) {
          request.demand(this);
          return;
        }
        read += chunk.remaining();
        chunk.release();
        if (chunk.isLast() || Content.Chunk.isFailure(chunk)) {
          break;
        }
      }
      callback.succeeded();
    }
  }
}
