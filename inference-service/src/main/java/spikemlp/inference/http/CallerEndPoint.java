package spikemlp.inference.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A connection that can be asked whether its caller has gone while a request is computed, when the
 * server itself does not read. The question reads: what a caller sent ahead of its answer is kept
 * for the next request. To be asked by the thread that handles the request, once its body is read.
 */
final class CallerEndPoint extends SocketChannelEndPoint {

  private static final int AHEAD = 512;

  /** Ready to be read from; empty but for callers that send their next request early. */
  private volatile ByteBuffer ahead = ByteBuffer.allocate(0);

  private final Executor executor;

  CallerEndPoint(
      SocketChannel channel,
      ManagedSelector selector,
      SelectionKey key,
      Scheduler scheduler,
      Executor executor) {
    super(channel, selector, key, scheduler);
    this.executor = executor;
  }

  /** Whether the caller closed the connection, or lost it. */
  boolean callerGone() {
    if (!isOpen()) {
      return true;
    }
    if (ahead.hasRemaining()) {
      return false; // its end would come behind that
    }
    try {
      ByteBuffer bytes = ByteBuffer.allocate(AHEAD);
      int n = getChannel().read(bytes);
      if (n > 0) {
        ahead = bytes.flip();
      }
      return n < 0;
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public int fill(ByteBuffer buffer) throws IOException {
    ByteBuffer kept = ahead;
    if (!kept.hasRemaining()) {
      return super.fill(buffer);
    }
    int from = BufferUtil.flipToFill(buffer);
    int n = Math.min(kept.remaining(), buffer.remaining());
    buffer.put(kept.slice(kept.position(), n));
    kept.position(kept.position() + n);
    BufferUtil.flipToFlush(buffer, from);
    return n;
  }

  @Override
  protected void needsFillInterest() {
    if (ahead.hasRemaining()) {
      executor.execute(getFillInterest()::fillable);
    } else {
      super.needsFillInterest();
    }
  }
}
