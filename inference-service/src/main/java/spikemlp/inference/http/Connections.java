package spikemlp.inference.http;

import jakarta.servlet.http.HttpServletRequest;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import spikemlp.inference.engine.Caller;

/**
 * Tells whether a request's connection is still open. A servlet learns that only when it writes; a
 * picture that nobody waits for would be computed all the same.
 */
public final class Connections {

  private Connections() {}

  /** The caller behind a request whose body has been read; to be asked by the request's thread. */
  public static Caller caller(HttpServletRequest request) {
    CallerEndPoint connection =
        (CallerEndPoint)
            ServletContextRequest.getServletContextRequest(request)
                .getConnectionMetaData()
                .getConnection()
                .getEndPoint();
    return connection::callerGone;
  }
}
