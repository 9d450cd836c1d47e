package spikemlp.frontdoor;

import java.io.IOException;
import java.io.Writer;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/**
 * What Tomcat refuses before any route is asked, such as an encoded slash, as a problem, or as an
 * error of the Open Inference Protocol on its paths. Tomcat makes it by its name.
 */
public final class ProblemErrorValve extends ErrorReportValve {

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
    String detail =
        refused ? "the request was refused: " + status.getReasonPhrase() : "the request failed";
    String path = String.valueOf(request.getRequestURI());
    boolean protocol = path.equals("/v2") || path.startsWith("/v2/");
    String body =
        protocol
            ? "{\"error\":\"%s\"}".formatted(detail)
            : "{\"status\":%d,\"title\":\"%s\",\"code\":\"%s\",\"detail\":\"%s\"}"
                .formatted(
                    status.value(),
                    status.getReasonPhrase(),
                    refused ? "invalid-request" : "internal-error",
                    detail);
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
