package spikemlp.security;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks the sample service over HTTP. */
final class SampleClient implements AutoCloseable {

  private final HttpClient client = HttpClient.newHttpClient();
  private final URI base;

  SampleClient(ApplicationContext context) {
    base =
        URI.create(
            "http://127.0.0.1:"
                + context.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
  }

  URI base() {
    return base;
  }

  record Answer(int status, String contentType, String body, HttpResponse<String> response) {
    JsonNode json() {
      return JsonMapper.shared().readTree(body);
    }

    String code() {
      return json().path("code").asString();
    }
  }

  Answer get(String path, @Nullable String token, String... headers)
      throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(base.resolve(path)).GET(), token, headers);
  }

  Answer post(String path, @Nullable String token, String body, String... headers)
      throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(base.resolve(path)).POST(HttpRequest.BodyPublishers.ofString(body)),
        token,
        headers);
  }

  Answer send(HttpRequest.Builder request, @Nullable String token, String... headers)
      throws IOException, InterruptedException {
    request.timeout(Duration.ofSeconds(20));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<String> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    return new Answer(
        response.statusCode(),
        response.headers().firstValue("Content-Type").orElse(""),
        response.body(),
        response);
  }

  @Override
  public void close() {
    client.close();
  }
}
