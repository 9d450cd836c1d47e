package spikemlp.inference.http;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatusCode;
import spikemlp.problem.Problems;

/** Answers what is refused before any of the service sees it, such as malformed HTTP. */
final class ProblemErrorHandler extends ErrorHandler {

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int status,
      @Nullable String message,
      @Nullable Throwable cause,
      Callback callback) {
    HttpStatusCode code = HttpStatusCode.valueOf(status);
    ProblemWriter.write(
        request,
        response,
        callback,
        code,
        Problems.usualCode(code),
        message == null ? "the request could not be read" : message);
  }
}
