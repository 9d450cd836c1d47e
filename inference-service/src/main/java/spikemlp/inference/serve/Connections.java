package spikemlp.inference.serve;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;
import spikemlp.inference.engine.Caller;

/**
 * Tells whether a request's connection is still open. A servlet learns that only when it writes; a
 * picture that nobody waits for would be computed all the same. So a valve keeps the connector's
 * own request at hand, and a look is a read that does not wait.
 */
@Component
final class Connections implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> {

  private static final String ATTRIBUTE = Connections.class.getName();

  /** What Tomcat says is available when its read failed; a next request has more bytes. */
  private static final int FAILED = 1;

  @Override
  public void customize(ConfigurableTomcatWebServerFactory factory) {
    factory.addEngineValves(new KeepingValve());
  }

  /** The caller behind a request whose body has been read; to be asked by the request's thread. */
  static Caller caller(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof org.apache.coyote.Request connection
        ? () -> closed(connection)
        : Caller.STAYS;
  }

  /** Tells whether nothing has arrived that was not handed to the servlet. */
  static BooleanSupplier nothingArrived(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof org.apache.coyote.Request connection
        ? () -> available(connection) == 0
        : () -> false;
  }

  private static boolean closed(org.apache.coyote.Request connection) {
    return available(connection) == FAILED;
  }

  private static int available(org.apache.coyote.Request connection) {
    connection.action(ActionCode.AVAILABLE, true);
    return connection.getAvailable();
  }

  private static final class KeepingValve extends ValveBase {

    KeepingValve() {
      super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
      request.setAttribute(ATTRIBUTE, request.getCoyoteRequest());
      getNext().invoke(request, response);
    }
  }
}
