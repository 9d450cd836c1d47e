package spikemlp.benchmark.serve;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A connection that sends a ready-made request and reads the answer away without waiting: as little
 * work as a client can do, since it shares the cores with the server. One thread.
 */
final class Connection implements AutoCloseable {

  private static final int ANSWER_BYTES = 1 << 14;

  private final InetSocketAddress server;
  private final Selector selector;
  private final ByteBuffer request;
  private ByteBuffer answer = ByteBuffer.allocateDirect(ANSWER_BYTES);
  private @Nullable SocketChannel channel;
  private boolean waiting;
  private long from;

  /**
   * A connection that is opened when it sends.
   *
   * @param selector whose keys have it attached
   * @param request whole; not changed
   */
  Connection(int port, Selector selector, ByteBuffer request) {
    this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.selector = selector;
    this.request = request.duplicate();
  }

  /**
   * Sends the request, or begins to.
   *
   * @param from when it was due, {@link System#nanoTime}
   */
  void send(long from) throws IOException {
    this.from = from;
    waiting = true;
    answer.clear();
    request.rewind();
    SocketChannel to = channel;
    if (to == null) {
      to = SocketChannel.open(server);
      channel = to;
      to.setOption(StandardSocketOptions.TCP_NODELAY, true);
      to.configureBlocking(false);
      to.register(selector, SelectionKey.OP_READ, this);
    }
    write(to);
  }

  /** When the last request was due. */
  long from() {
    return from;
  }

  private void write(SocketChannel to) throws IOException {
    to.write(request);
    to.keyFor(selector)
        .interestOps(
            request.hasRemaining()
                ? SelectionKey.OP_READ | SelectionKey.OP_WRITE
                : SelectionKey.OP_READ);
  }

  /**
   * Goes on where the selector found that it can.
   *
   * @return the answer, once it is whole
   * @throws IOException if the connection is gone; one that nobody waits for is only closed
   */
  Optional<Answer> proceed(SelectionKey key) throws IOException {
    SocketChannel to = (SocketChannel) key.channel();
    if (key.isWritable()) {
      write(to);
    }
    if (!key.isReadable()) {
      return Optional.empty();
    }
    int n = to.read(answer);
    if (!waiting) {
      close();
      return Optional.empty();
    }
    if (n < 0) {
      throw new EOFException("the server closed the connection");
    }
    Optional<Answer> whole = Answer.of(answer.duplicate().flip());
    if (whole.isPresent()) {
      waiting = false;
      if (!whole.get().keepsConnection()) {
        close();
      }
    } else if (!answer.hasRemaining()) {
      answer = ByteBuffer.allocateDirect(2 * answer.capacity()).put(answer.flip());
    }
    return whole;
  }

  /** A POST as it goes over the wire. */
  static byte[] post(String path, String headers, byte[] body) {
    byte[] head =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n%s\r\n"
            .formatted(path, body.length, headers)
            .getBytes(StandardCharsets.US_ASCII);
    byte[] request = new byte[head.length + body.length];
    System.arraycopy(head, 0, request, 0, head.length);
    System.arraycopy(body, 0, request, head.length, body.length);
    return request;
  }

  /** Closes it; another {@link #send} opens it anew. */
  @Override
  public void close() {
    waiting = false;
    try (SocketChannel _ = channel) {
      channel = null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
