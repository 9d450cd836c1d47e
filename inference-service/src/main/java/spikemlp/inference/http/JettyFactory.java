package spikemlp.inference.http;

import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;

/**
 * Jetty with few threads of its own, connections that know whether a caller has gone, bodies that
 * are read to their end, and problems as errors.
 */
public final class JettyFactory extends JettyServletWebServerFactory {

  /** A request of a small network in one read: its header and 3 x 32 x 32 numbers. */
  private static final int INPUT_BYTES = 1 << 14;

  /** For the acceptor, the selector and what the server itself does. */
  private static final int THREADS = 8;

  private final Bounds bounds;

  /**
   * What is taken of requests.
   *
   * @param largest bytes of a body that is read for nothing
   * @param arriveWithin how long such a one may take
   * @param pauseWithin between two bytes of any request
   */
  public record Bounds(long largest, Duration arriveWithin, Duration pauseWithin) {}

  /**
   * A factory.
   *
   * @param first sees each request before it has a thread, and holds up all others while it does;
   *     it may wait by {@link ReadingRest} only
   */
  public JettyFactory(Bounds bounds, Handler.Singleton first) {
    this.bounds = bounds;
    addServerCustomizers(server -> {
      server.setErrorHandler(new ProblemErrorHandler());
      server.insertHandler(new VirtualThreadHandler());
      server.insertHandler(first);
      server.insertHandler(new UnreadBodyHandler(bounds.largest, bounds.arriveWithin));
    });
  }

  /** Whatever waits has a virtual thread, from {@link VirtualThreadHandler} on. */
  @Override
  public ThreadPool getThreadPool() {
    QueuedThreadPool threads = new QueuedThreadPool(THREADS, THREADS / 2);
    threads.setName("http");
    return threads;
  }

  @Override
  protected AbstractConnector createConnector(InetSocketAddress address, Server server) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setInputBufferSize(INPUT_BYTES);
    http.setIdleTimeout(bounds.pauseWithin.toMillis());
    ServerConnector connector =
        new CallerConnector(
            server, getAcceptors(), getSelectors(), new HttpConnectionFactory(http));
    connector.setHost(address.getHostString());
    connector.setPort(address.getPort());
    return connector;
  }

  private static final class CallerConnector extends ServerConnector {

    CallerConnector(Server server, int acceptors, int selectors, ConnectionFactory http) {
      super(server, acceptors, selectors, http);
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(
        SocketChannel channel, ManagedSelector selector, SelectionKey key) {
      CallerEndPoint connection =
          new CallerEndPoint(channel, selector, key, getScheduler(), getExecutor());
      connection.setIdleTimeout(getIdleTimeout());
      return connection;
    }
  }
}
