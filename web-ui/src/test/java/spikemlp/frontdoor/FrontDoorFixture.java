package spikemlp.frontdoor;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** The real front door on a free port, before three stand-ins. */
final class FrontDoorFixture implements AutoCloseable {

  final FakeService trainer = new FakeService("trainer");
  final FakeService registry = new FakeService("registry");
  final FakeService inference = new FakeService("inference");
  final ConfigurableApplicationContext context;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  FrontDoorFixture(String... more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.add("--server.port=0");
    arguments.add("--spikemlp.frontdoor.trainer-url=" + trainer.origin());
    arguments.add("--spikemlp.frontdoor.registry-url=" + registry.origin());
    arguments.add("--spikemlp.frontdoor.inference-url=" + inference.origin());
    context = FrontDoorApplication.builder().run(arguments.toArray(String[]::new));
  }

  int port() {
    return ((ServletWebServerApplicationContext) context).getWebServer().getPort();
  }

  /** A request to the front door; {@code path} goes out exactly as it is. */
  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
        .timeout(Duration.ofSeconds(20));
  }

  HttpResponse<String> get(String path) throws Exception {
    return send(request(path), HttpResponse.BodyHandlers.ofString());
  }

  <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body)
      throws Exception {
    return client.send(request.build(), body);
  }

  @Override
  public void close() {
    context.close();
    client.close();
    trainer.close();
    registry.close();
    inference.close();
  }
}
