package spikemlp.launcher;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The platform's REST API at its front door, as any client uses it. */
final class Api implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private final JsonMapper json = JsonMapper.shared();
  private final URI base;
  private final Supplier<String> token;

  /**
   * @param base the front door, such as {@code http://127.0.0.1:8080}
   * @param token gives the access token for each request
   */
  Api(URI base, Supplier<String> token) {
    this.base = base;
    this.token = token;
  }

  <T> T get(String path, Class<T> type) {
    return send(request(path).timeout(PATIENCE).GET(), type);
  }

  <T> T post(String path, Object body, Class<T> type) {
    return send(withJson(request(path), "POST", body), type);
  }

  /** Sends JSON with further headers, a name and a value each. */
  <T> T post(String path, Object body, Class<T> type, String... headers) {
    return send(withJson(request(path).headers(headers), "POST", body), type);
  }

  /** The text of that media type. */
  String text(String path, String mediaType) {
    HttpRequest request = request(path).timeout(PATIENCE).header("Accept", mediaType).GET().build();
    return new String(bytes(request), StandardCharsets.UTF_8);
  }

  <T> T put(String path, Object body, Class<T> type) {
    return send(withJson(request(path), "PUT", body), type);
  }

  /** Sends bytes of a media type. */
  <T> T post(String path, String contentType, byte[] body, Class<T> type) {
    return send(
        request(path)
            .timeout(PATIENCE)
            .header("Content-Type", contentType)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body)),
        type);
  }

  /** Opens an event stream; the caller closes it. */
  Stream<String> stream(String path, @Nullable String lastEventId) throws IOException {
    HttpRequest.Builder request = request(path).header("Accept", "text/event-stream").GET();
    if (lastEventId != null) {
      request.header("Last-Event-ID", lastEventId);
    }
    try {
      HttpResponse<Stream<String>> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofLines());
      if (response.statusCode() != 200) {
        response.body().close();
        throw new IOException("the event stream answered " + response.statusCode());
      }
      return response.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path))
        .header("Authorization", "Bearer " + token.get());
  }

  private HttpRequest.Builder withJson(HttpRequest.Builder request, String method, Object body) {
    return request
        .timeout(PATIENCE)
        .header("Content-Type", "application/json")
        .method(method, HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body)));
  }

  private <T> T send(HttpRequest.Builder builder, Class<T> type) {
    try {
      return json.readValue(bytes(builder.build()), type);
    } catch (JacksonException e) {
      throw new ApiException(
          0, base + " does not answer like a SpikeMLP platform: " + e.getOriginalMessage(), e);
    }
  }

  private byte[] bytes(HttpRequest request) {
    try {
      HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() / 100 != 2) {
        throw new ApiException(response.statusCode(), refusal(request, response), null);
      }
      return response.body();
    } catch (IOException e) {
      throw new ApiException(
          0, "no answer from " + base + "; is the platform running? ./spikemlp up starts it", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiException(0, "interrupted while waiting for " + base, e);
    }
  }

  private String refusal(HttpRequest request, HttpResponse<byte[]> response) {
    try {
      JsonNode problem = json.readTree(response.body());
      String detail = problem.path("detail").asString("");
      if (!detail.isBlank()) {
        return detail;
      }
    } catch (JacksonException e) {
      // no problem document: the status must do
    }
    return request.method()
        + " "
        + request.uri().getPath()
        + " was answered with status "
        + response.statusCode();
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
