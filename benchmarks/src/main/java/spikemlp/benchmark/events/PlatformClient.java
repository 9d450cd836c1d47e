package spikemlp.benchmark.events;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.stream.Stream;
import spikemlp.contract.job.JobProgress;
import spikemlp.contract.job.TrainingJob;
import spikemlp.contract.job.TrainingJobRequest;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Training jobs of a running platform, over REST. Thread-safe. */
final class PlatformClient implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final URI jobs;
  private final String token;

  PlatformClient(URI platform, String token) {
    this.jobs = URI.create(platform.toString().replaceAll("/+$", "") + "/api/v1/training-jobs");
    this.token = token;
  }

  /** Submits a job and returns its id. */
  String submit(TrainingJobRequest request) throws IOException, InterruptedException {
    return job(send(
            to("")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(request)))))
        .id();
  }

  TrainingJob get(String id) throws IOException, InterruptedException {
    return job(send(to("/" + id)));
  }

  void stop(String id) throws IOException, InterruptedException {
    send(to("/" + id + ":stop").POST(HttpRequest.BodyPublishers.noBody()));
  }

  void delete(String id) throws IOException, InterruptedException {
    send(to("/" + id).DELETE());
  }

  /** The lines of a job's stream of events, to be closed. */
  Stream<String> events(String id) throws IOException, InterruptedException {
    HttpResponse<Stream<String>> response =
        http.send(to("/" + id + "/events").build(), BodyHandlers.ofLines());
    if (response.statusCode() != 200) {
      try (Stream<String> body = response.body()) {
        throw refused(response, String.join("\n", body.toList()));
      }
    }
    return response.body();
  }

  /**
   * How far a job has come, at the moment at which it gets further.
   *
   * @throws IllegalStateException if it ends or stands still
   */
  Instant next(String id) throws IOException, InterruptedException {
    long before = training(id).batch();
    for (long begun = System.nanoTime(); System.nanoTime() - begun < PATIENCE.toNanos(); ) {
      long batch = training(id).batch();
      if (batch > before) {
        return new Instant(System.nanoTime(), batch);
      }
      Thread.sleep(LOOK);
    }
    throw new IllegalStateException("job " + id + " did not train for " + PATIENCE);
  }

  private JobProgress training(String id) throws IOException, InterruptedException {
    TrainingJob job = get(id);
    if (job.state().ended()) {
      throw new IllegalStateException("job " + id + " is " + job.state() + ": " + job.failure());
    }
    return job.progress();
  }

  /**
   * Mini-batches done at a time.
   *
   * @param nanoTime when
   * @param batch how many
   */
  record Instant(long nanoTime, long batch) {

    /** Milliseconds for a mini-batch since an earlier instant. */
    double millisecondsEach(Instant since) {
      return (nanoTime - since.nanoTime) / 1e6 / (batch - since.batch);
    }
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(jobs + path))
        .header("Authorization", "Bearer " + token);
  }

  private String send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw refused(response, response.body());
    }
    return response.body();
  }

  private static IllegalArgumentException refused(HttpResponse<?> response, String body) {
    return new IllegalArgumentException(
        "%s answered %d: %s".formatted(response.uri(), response.statusCode(), body));
  }

  private static TrainingJob job(String body) {
    return JSON.readValue(body, TrainingJob.class);
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }
}
