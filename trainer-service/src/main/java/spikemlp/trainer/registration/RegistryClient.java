package spikemlp.trainer.registration;

import java.io.IOException;
import java.io.UncheckedIOException;
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
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;
import spikemlp.contract.registry.Artifact;
import spikemlp.contract.registry.ModelReference;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.contract.registry.RegisterVersionRequest;
import spikemlp.contract.registry.VersionState;
import spikemlp.security.PlatformTokens;
import spikemlp.security.Scope;
import spikemlp.security.ServiceToken;
import spikemlp.trainer.TrainerProperties;

/**
 * Registers versions, looks them up and downloads their files. Each request of a job is repeated
 * while the registry does not answer or answers 5xx, a bounded number of times with doubling
 * pauses; none of them does anything twice.
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

  /** There is no such version to use; the message says why. */
  public static final class NoSuchVersionException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String code;

    NoSuchVersionException(String code, String message) {
      super(message);
      this.code = code;
    }

    /** The registry's code, such as {@code model-not-found}. */
    public String code() {
      return code;
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }

  /**
   * The READY version that a reference means now. Asked once: whoever submits a job waits for it.
   *
   * @throws NoSuchVersionException if the registry has none
   * @throws RegistryException if the registry does not answer
   */
  public ModelVersion resolve(ModelReference reference) throws NoSuchVersionException {
    try {
      return Objects.requireNonNull(
          client
              .get()
              .uri("/api/v1/resolve?model={reference}", reference.toString())
              .retrieve()
              .body(ModelVersion.class));
    } catch (HttpClientErrorException.NotFound | HttpClientErrorException.Conflict e) {
      throw new NoSuchVersionException(code(e), inWords(e));
    } catch (RestClientException e) {
      throw new RegistryException(
          "the registry at %s did not say what %s is (%s)"
              .formatted(registry, reference, inWords(e)),
          e);
    }
  }

  private static String code(RestClientResponseException failure) {
    ProblemDetail problem = failure.getResponseBodyAs(ProblemDetail.class);
    Map<String, Object> properties = problem == null ? null : problem.getProperties();
    return properties == null ? "" : String.valueOf(properties.get("code"));
  }

  /**
   * Downloads a file, whole and of the right hash or not at all.
   *
   * @param what the file in words, for errors
   * @param target replaced
   * @param stop asked while waiting for the registry to answer again
   * @throws RegistryException if the registry refuses or stays silent
   * @throws UncheckedIOException if the file cannot be written
   * @throws InterruptedException if {@code stop} became true before the registry answered
   */
  public void download(Artifact artifact, String what, Path target, BooleanSupplier stop)
      throws InterruptedException {
    repeated(
        "give " + what,
        stop,
        () ->
            client
                .get()
                .uri("/api/v1/artifacts/{sha256}", artifact.sha256())
                .exchangeForRequiredValue((request, response) -> {
                  requireOk(response);
                  ArtifactDownload.save(artifact, response.getBody(), target);
                  return true;
                }));
  }

  private static void requireOk(ClientHttpResponse response) throws IOException {
    HttpStatusCode status = response.getStatusCode();
    byte[] problem = status.isError() ? response.getBody().readAllBytes() : new byte[0];
    if (status.is5xxServerError()) {
      throw HttpServerErrorException.create(
          status, response.getStatusText(), response.getHeaders(), problem, null);
    }
    if (!status.is2xxSuccessful()) {
      throw HttpClientErrorException.create(
          status, response.getStatusText(), response.getHeaders(), problem, null);
    }
  }

  /**
   * Uploads what the registry does not have yet, then registers the version.
   *
   * @param model the registered model's name
   * @param files each artifact's file
   * @param stop asked while waiting for the registry to answer again
   * @return the version, the one made before if this job registered one already
   * @throws RegistryException if the registry refuses or stays silent
   * @throws InterruptedException if {@code stop} became true before the registry answered
   */
  public ModelVersion register(
      String model, RegisterVersionRequest request, Map<String, Path> files, BooleanSupplier stop)
      throws InterruptedException {
    for (Map.Entry<String, Artifact> artifact : request.artifacts().entrySet()) {
      String name = artifact.getKey();
      Path file = Objects.requireNonNull(files.get(name));
      repeated("take the upload of " + name, stop, () -> upload(artifact.getValue(), file));
    }
    ModelVersion version =
        repeated("take the registration", stop, () -> postVersion(model, request));
    if (version.state() == VersionState.FAILED) {
      throw new RegistryException(
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
          throw new RegistryException(
              "the registry at %s did not %s in %d attempts (%s); see that it runs and submit the job again"
                  .formatted(registry, what, attempts, inWords(e)),
              e);
        }
        log.warn(
            "the registry did not {} at attempt {} of {}: {}", what, attempt, attempts, inWords(e));
      } catch (RestClientResponseException e) {
        throw new RegistryException(
            "the registry refused to %s with %d: %s"
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
