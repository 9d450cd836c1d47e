package spikemlp.trainer.registration;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.FileSystemResource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;
import spikemlp.contract.registry.Artifact;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.contract.registry.RegisterVersionRequest;
import spikemlp.contract.registry.VersionState;
import spikemlp.security.PlatformTokens;
import spikemlp.security.Scope;
import spikemlp.security.ServiceToken;
import spikemlp.trainer.TrainerProperties;

/**
 * Registers versions. Each request is repeated while the registry does not answer or answers 5xx, a
 * bounded number of times with doubling pauses; none of them does anything twice.
 */
@Component
public final class RegistryClient {

  private static final Logger log = LoggerFactory.getLogger(RegistryClient.class);
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofMinutes(2);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final Duration STOP_CHECK = Duration.ofMillis(100);

  private final URI registry;
  private final int attempts;
  private final Duration firstPause;
  private final RestClient client;

  RegistryClient(TrainerProperties properties, PlatformTokens tokens, Clock clock) {
    this.registry = properties.registryUrl();
    this.attempts = properties.registryAttempts();
    this.firstPause = properties.registryDelay();
    ServiceToken token =
        new ServiceToken(tokens, clock, "trainer", EnumSet.of(Scope.READ, Scope.TRAIN));
    JdkClientHttpRequestFactory requests =
        new JdkClientHttpRequestFactory(HttpClient.newBuilder().connectTimeout(CONNECT).build());
    requests.setReadTimeout(ANSWER);
    this.client =
        RestClient.builder()
            .baseUrl(registry.toString())
            .requestFactory(requests)
            .defaultRequest(
                request -> request.header(HttpHeaders.AUTHORIZATION, "Bearer " + token.bearer()))
            .build();
  }

  /**
   * Uploads what the registry does not have yet, then registers the version.
   *
   * @param model the registered model's name
   * @param files each artifact's file
   * @param stop asked while waiting for the registry to answer again
   * @return the version, the one made before if this job registered one already
   * @throws RegistrationFailedException if the registry refuses or stays silent
   * @throws InterruptedException if {@code stop} became true before the registry answered
   */
  public ModelVersion register(
      String model, RegisterVersionRequest request, Map<String, Path> files, BooleanSupplier stop)
      throws InterruptedException {
    for (Map.Entry<String, Artifact> artifact : request.artifacts().entrySet()) {
      String name = artifact.getKey();
      Path file = Objects.requireNonNull(files.get(name));
      repeated("the upload of " + name, stop, () -> upload(artifact.getValue(), file));
    }
    ModelVersion version = repeated("the registration", stop, () -> postVersion(model, request));
    if (version.state() == VersionState.FAILED) {
      throw new RegistrationFailedException(
          "the registry took version " + version.version() + " of " + model + " as FAILED");
    }
    return version;
  }

  private boolean upload(Artifact artifact, Path file) {
    client
        .put()
        .uri("/api/v1/artifacts/{sha256}", artifact.sha256())
        .contentType(MediaType.APPLICATION_OCTET_STREAM)
        .contentLength(artifact.size())
        .body(new FileSystemResource(file))
        .retrieve()
        .toBodilessEntity();
    return true;
  }

  private ModelVersion postVersion(String model, RegisterVersionRequest request) {
    return Objects.requireNonNull(
        client
            .post()
            .uri("/api/v1/models/{name}/versions", model)
            .contentType(MediaType.APPLICATION_JSON)
            .body(request)
            .retrieve()
            .body(ModelVersion.class));
  }

  private <T> T repeated(String what, BooleanSupplier stop, Supplier<T> request)
      throws InterruptedException {
    Duration pause = firstPause;
    for (int attempt = 1; ; attempt++) {
      try {
        return request.get();
      } catch (ResourceAccessException | HttpServerErrorException e) {
        if (attempt == attempts) {
          throw new RegistrationFailedException(
              "the registry at %s did not take %s in %d attempts (%s); see that it runs and submit the job again"
                  .formatted(registry, what, attempts, inWords(e)),
              e);
        }
        log.warn("{} failed at attempt {} of {}: {}", what, attempt, attempts, inWords(e));
      } catch (RestClientResponseException e) {
        throw new RegistrationFailedException(
            "the registry refused %s with %d: %s"
                .formatted(what, e.getStatusCode().value(), inWords(e)),
            e);
      }
      waitFor(pause, stop);
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
              ? pause.multipliedBy(2)
              : LONGEST_PAUSE;
    }
  }

  private static void waitFor(Duration pause, BooleanSupplier stop) throws InterruptedException {
    long end = System.nanoTime() + pause.toNanos();
    while (System.nanoTime() < end) {
      if (stop.getAsBoolean()) {
        throw new InterruptedException("stopped while waiting for the registry");
      }
      Thread.sleep(STOP_CHECK);
    }
  }

  private static String inWords(RestClientException failure) {
    if (failure instanceof RestClientResponseException response) {
      try {
        ProblemDetail problem = response.getResponseBodyAs(ProblemDetail.class);
        if (problem != null && problem.getDetail() != null) {
          return problem.getDetail();
        }
      } catch (RestClientException | IllegalStateException e) {
        return "status " + response.getStatusCode().value() + " without a problem to read";
      }
      return "status " + response.getStatusCode().value();
    }
    Throwable cause = failure.getMostSpecificCause();
    return cause.getClass().getSimpleName()
        + (cause.getMessage() == null ? "" : " " + cause.getMessage());
  }
}
