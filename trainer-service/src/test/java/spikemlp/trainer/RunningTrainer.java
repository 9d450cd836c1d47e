package spikemlp.trainer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.springframework.context.ConfigurableApplicationContext;
import spikemlp.contract.job.TrainingJob;
import spikemlp.postgres.TestDatabase;
import spikemlp.security.PlatformTokens;
import spikemlp.security.Scope;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The trainer service itself, on a real database and a port of its own, spoken to over HTTP. */
public final class RunningTrainer implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.shared();

  /** An answer over HTTP. */
  public record Answer(int status, JsonNode body, HttpResponse<String> response) {

    public TrainingJob job() {
      return JSON.treeToValue(body, TrainingJob.class);
    }
  }

  private final ConfigurableApplicationContext context;
  private final HttpClient http = HttpClient.newHttpClient();

  private RunningTrainer(ConfigurableApplicationContext context) {
    this.context = context;
  }

  /** Starts a trainer; {@code settings} are {@code name=value} below {@code spikemlp.trainer}. */
  public static RunningTrainer start(TestDatabase database, Path home, String... settings) {
    return new RunningTrainer(
        TrainerApplication.builder()
            .run(arguments(database.jdbcUrl(), database, home, settings).toArray(String[]::new)));
  }

  /** The command line of such a trainer. */
  public static List<String> arguments(
      String jdbcUrl, TestDatabase database, Path home, String... settings) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--server.port=0",
                "--spring.datasource.url=" + jdbcUrl,
                "--spring.datasource.username=" + database.username(),
                "--spring.datasource.password=" + database.password(),
                "--spring.datasource.hikari.maximum-pool-size=6",
                "--spikemlp.security.key-directory=" + home.resolve("keys"),
                "--spikemlp.trainer.work-directory=" + home.resolve("work"),
                "--spikemlp.trainer.poll=100ms",
                "--spikemlp.trainer.lease=2s"));
    Arrays.stream(settings).map(setting -> "--spikemlp.trainer." + setting).forEach(arguments::add);
    return arguments;
  }

  public ConfigurableApplicationContext context() {
    return context;
  }

  public URI base() {
    return URI.create(
        "http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port"));
  }

  public String token(Scope... scopes) {
    return context
        .getBean(PlatformTokens.class)
        .mint("tester", Set.of(scopes), Duration.ofMinutes(10));
  }

  public Answer get(String path) {
    return send(HttpRequest.newBuilder().GET(), path);
  }

  public Answer post(String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder()
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    return send(headers.length == 0 ? request : request.headers(headers), path);
  }

  /** Uploads an archive; its length is announced. */
  public Answer upload(String path, byte[] archive) {
    return upload(path, HttpRequest.BodyPublishers.ofByteArray(archive));
  }

  public Answer upload(String path, HttpRequest.BodyPublisher archive) {
    return send(
        HttpRequest.newBuilder().header("Content-Type", "application/zip").POST(archive), path);
  }

  public Answer delete(String path) {
    return send(HttpRequest.newBuilder().DELETE(), path);
  }

  /** The body of an answer that is no JSON. */
  public String text(String path) {
    return exchange(HttpRequest.newBuilder().GET(), path).body();
  }

  private Answer send(HttpRequest.Builder request, String path) {
    HttpResponse<String> response = exchange(request, path);
    return new Answer(
        response.statusCode(),
        response.body().isEmpty() ? JSON.missingNode() : JSON.readTree(response.body()),
        response);
  }

  private HttpResponse<String> exchange(HttpRequest.Builder request, String path) {
    try {
      return http.send(
          request
              .uri(base().resolve(path))
              .header("Authorization", "Bearer " + token(Scope.READ, Scope.TRAIN))
              .timeout(Duration.ofSeconds(30))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    http.close();
    context.close();
  }
}
