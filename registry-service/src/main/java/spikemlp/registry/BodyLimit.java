package spikemlp.registry;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Type;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpStatus;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.RequestBodyAdviceAdapter;
import spikemlp.problem.ProblemException;

/** Refuses a JSON body of more than {@value #MAX_BYTES} bytes before it is parsed. */
@RestControllerAdvice
class BodyLimit extends RequestBodyAdviceAdapter {

  static final int MAX_BYTES = 10 << 20;

  private record Body(InputStream content, HttpHeaders headers) implements HttpInputMessage {
    @Override
    public InputStream getBody() {
      return content;
    }

    @Override
    public HttpHeaders getHeaders() {
      return headers;
    }
  }

  @Override
  public boolean supports(
      MethodParameter parameter, Type type, Class<? extends HttpMessageConverter<?>> converter) {
    return true;
  }

  @Override
  public HttpInputMessage beforeBodyRead(
      HttpInputMessage message,
      MethodParameter parameter,
      Type type,
      Class<? extends HttpMessageConverter<?>> converter)
      throws IOException {
    if (message.getHeaders().getContentLength() > MAX_BYTES) {
      throw tooLarge();
    }
    byte[] bytes = message.getBody().readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw tooLarge();
    }
    return new Body(new ByteArrayInputStream(bytes), message.getHeaders());
  }

  private static ProblemException tooLarge() {
    return new ProblemException(
        HttpStatus.CONTENT_TOO_LARGE,
        "too-large",
        "the body has more than the "
            + MAX_BYTES
            + " bytes that are taken; files go to"
            + " PUT /api/v1/artifacts/{sha256}");
  }
}
