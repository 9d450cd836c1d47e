package spikemlp.inference.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.springframework.http.HttpStatusCode;
import spikemlp.problem.Problems;

/** Writes problems where there is no servlet; does not wait. */
public final class ProblemWriter {

  private ProblemWriter() {}

  /** A problem, or an error of the Open Inference Protocol on its paths, as the whole answer. */
  public static void write(
      Request request,
      Response response,
      Callback callback,
      HttpStatusCode status,
      String code,
      String detail) {
    Problems.Body body = Problems.body(request.getHttpURI().getPath(), status, code, detail);
    response.setStatus(status.value());
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, body.type());
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.bytes().length);
    response.write(true, ByteBuffer.wrap(body.bytes()), callback);
  }
}
