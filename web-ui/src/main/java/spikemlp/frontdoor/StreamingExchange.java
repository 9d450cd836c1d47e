package spikemlp.frontdoor;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.springframework.cloud.gateway.server.mvc.handler.GatewayServerResponse;
import org.springframework.cloud.gateway.server.mvc.handler.ProxyExchange;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Passes a request to a service and its answer back, holding no more of either than one buffer.
 * What has arrived is passed on before more is waited for, so an event reaches its reader when it
 * is sent; and a reader who leaves closes the service's stream at once, where the gateway's own
 * exchange would read it to its end.
 */
final class StreamingExchange implements ProxyExchange {

  private static final int BUFFER_BYTES = 16_384;

  /** Set by the HTTP client itself. */
  private static final Set<String> CLIENTS_OWN =
      Set.of("connection", "content-length", "expect", "host", "upgrade");

  private final HttpClient client;
  private final ArrivingBody.Pace pace;

  StreamingExchange(HttpClient client, ArrivingBody.Pace pace) {
    this.client = client;
    this.pace = pace;
  }

  /**
   * Asks the service.
   *
   * @throws UncheckedIOException if the service cannot be reached or ends before it answers, or the
   *     body is too slow
   */
  @Override
  public ServerResponse exchange(Request request) {
    HttpServletRequest received = request.getServerRequest().servletRequest();
    HttpRequest.Builder sent =
        HttpRequest.newBuilder(address(Objects.requireNonNull(request.getUri()), received))
            .method(request.getMethod().name(), body(received));
    request
        .getHeaders()
        .forEach((name, values) -> {
          if (!CLIENTS_OWN.contains(name.toLowerCase(Locale.ROOT))) {
            values.forEach(value -> sent.header(name, value));
          }
        });
    HttpResponse<InputStream> answer = send(sent.build());
    ServerResponse response =
        GatewayServerResponse.status(HttpStatusCode.valueOf(answer.statusCode()))
            .build((_, target) -> {
              copy(answer.body(), target);
              return null;
            });
    HttpHeaders headers = new HttpHeaders();
    answer.headers().map().forEach(headers::addAll);
    request
        .getResponseConsumers()
        .forEach(consumer -> consumer.accept(new Answer(answer.statusCode(), headers), response));
    return response;
  }

  /** The service's origin with the path and query exactly as the caller wrote them. */
  private static URI address(URI origin, HttpServletRequest received) {
    String query = received.getQueryString() == null ? "" : "?" + received.getQueryString();
    return URI.create(
        origin.getScheme() + "://" + origin.getRawAuthority() + received.getRequestURI() + query);
  }

  private BodyPublisher body(HttpServletRequest received) {
    long length = received.getContentLengthLong();
    if (length == 0 || (length < 0 && received.getHeader(HttpHeaders.TRANSFER_ENCODING) == null)) {
      return BodyPublishers.noBody();
    }
    BodyPublisher content = BodyPublishers.ofInputStream(() -> input(received));
    return length < 0 ? content : BodyPublishers.fromPublisher(content, length);
  }

  private InputStream input(HttpServletRequest received) {
    try {
      return new ArrivingBody(received.getInputStream(), pace);
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  private HttpResponse<InputStream> send(HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofInputStream());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("the front door is stopping", stopping));
    }
  }

  private static void copy(InputStream body, HttpServletResponse target) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (body) {
      target.flushBuffer();
      OutputStream out = target.getOutputStream();
      for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
        out.write(buffer, 0, n);
        if (body.available() == 0) {
          out.flush();
        }
      }
    }
  }

  private record Answer(int status, HttpHeaders headers) implements Response {

    @Override
    public HttpStatusCode getStatusCode() {
      return HttpStatusCode.valueOf(status);
    }

    @Override
    public HttpHeaders getHeaders() {
      return headers;
    }
  }
}
