package spikemlp.frontdoor;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.Writer;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.ActionCode;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/**
 * What Tomcat refuses before any route is asked, such as an encoded slash, as a problem, or as an
 * error of the Open Inference Protocol on its paths, and the end of what is not read on. Tomcat
 * makes it by its name.
 */
public final class ProblemErrorValve extends ErrorReportValve {

  private static final String LEFT = ProblemErrorValve.class.getName() + ".left";

  /** Ends the connection after the answer, instead of reading the rest of the body. */
  static void leaveTheRest(HttpServletRequest request) {
    request.setAttribute(LEFT, true);
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    super.invoke(request, response);
    if (request.getAttribute(LEFT) != null) {
      request.getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
    }
  }

  @Override
  protected void report(Request request, Response response, @Nullable Throwable throwable) {
    HttpStatus status = HttpStatus.resolve(response.getStatus());
    if (status == null
        || !status.isError()
        || response.getContentWritten() > 0
        || !response.setErrorReported()) {
      return;
    }
    boolean refused = status.is4xxClientError();
    boolean paused = status == HttpStatus.REQUEST_TIMEOUT;
    String detail =
        paused
            ? "the body paused for too long on its way"
            : refused
                ? "the request was refused: " + status.getReasonPhrase()
                : "the request failed";
    String code = paused ? "body-too-slow" : refused ? "invalid-request" : "internal-error";
    String path = String.valueOf(request.getRequestURI());
    boolean protocol = Problem.isProtocol(path);
    String body =
        protocol
            ? "{\"error\":\"%s\"}".formatted(detail)
            : "{\"status\":%d,\"title\":\"%s\",\"code\":\"%s\",\"detail\":\"%s\"}"
                .formatted(status.value(), status.getReasonPhrase(), code, detail);
    response.setContentType(
        protocol ? MediaType.APPLICATION_JSON_VALUE : MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    response.setHeader("X-Content-Type-Options", "nosniff");
    try {
      Writer writer = response.getReporter();
      if (writer != null) {
        writer.write(body);
        response.finishResponse();
      }
    } catch (IOException e) {
      container.getLogger().debug("the caller of " + path + " went away", e);
    }
  }
}
