package spikemlp.inference.model;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import spikemlp.contract.registry.Artifact;
import spikemlp.contract.registry.ModelReference;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.contract.registry.RegisteredModel;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The questions that inference asks the registry. Follows no redirects. Thread-safe. */
final class RegistryClient implements ArtifactCache.Source {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int LARGEST_ANSWER = 16 << 20;
  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(2);

  private final RestClient questions;
  private final RestClient files;
  private final Supplier<String> bearer;

  /**
   * A client that asks nothing yet.
   *
   * @param bearer gives the token to call with
   */
  RegistryClient(ModelProperties properties, Supplier<String> bearer) {
    HttpClient http =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT_WITHIN)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    this.questions = client(http, properties, properties.answerWithin());
    this.files = client(http, properties, properties.fetchWithin());
    this.bearer = bearer;
  }

  private static RestClient client(HttpClient http, ModelProperties properties, Duration within) {
    JdkClientHttpRequestFactory factory = new JdkClientHttpRequestFactory(http);
    factory.setReadTimeout(within);
    return RestClient.builder()
        .requestFactory(factory)
        .baseUrl(properties.registryUrl().toString())
        .build();
  }

  /**
   * The version a reference means now.
   *
   * @throws UnresolvedModelException if it means none
   * @throws RegistryUnavailableException if the registry gave no usable answer
   */
  ModelVersion resolve(ModelReference reference) {
    String what = "resolve '" + reference + "'";
    return ask(
        what,
        () ->
            questions
                .get()
                .uri("/api/v1/resolve?model={reference}", reference.toString())
                .header(HttpHeaders.AUTHORIZATION, "Bearer " + bearer.get())
                .exchange((request, response) -> version(what, response)));
  }

  /**
   * The registered models.
   *
   * @throws RegistryUnavailableException if the registry gave no usable answer
   */
  List<RegisteredModel> models() {
    String what = "list its models";
    return ask(
        what,
        () ->
            questions
                .get()
                .uri("/api/v1/models")
                .header(HttpHeaders.AUTHORIZATION, "Bearer " + bearer.get())
                .exchange((request, response) -> models(what, response)));
  }

  private static List<RegisteredModel> models(String what, ClientHttpResponse response)
      throws IOException {
    int status = response.getStatusCode().value();
    if (status != 200) {
      throw new RegistryUnavailableException(what, "it answered " + status);
    }
    try {
      return List.of(
          JSON.readValue(response.getBody().readNBytes(LARGEST_ANSWER), RegisteredModel[].class));
    } catch (JacksonException e) {
      throw new RegistryUnavailableException(
          what, "its answer is no list of models: " + e.getOriginalMessage(), e);
    }
  }

  private static ModelVersion version(String what, ClientHttpResponse response) throws IOException {
    int status = response.getStatusCode().value();
    byte[] body = response.getBody().readNBytes(LARGEST_ANSWER);
    return switch (status) {
      case 200 -> {
        try {
          yield JSON.readValue(body, ModelVersion.class);
        } catch (JacksonException e) {
          throw new RegistryUnavailableException(
              what, "its answer is no model version: " + e.getOriginalMessage(), e);
        }
      }
      case 400, 404, 409 -> throw unresolved(status, body);
      default -> throw new RegistryUnavailableException(what, "it answered " + status);
    };
  }

  /** The registry's problem, passed on with its code and words. */
  private static UnresolvedModelException unresolved(int status, byte[] body) {
    Map<String, Object> problem = Map.of();
    try {
      problem = JSON.readerForMapOf(Object.class).readValue(body);
    } catch (JacksonException e) {
      problem = Map.of("detail", "the registry answered " + status + " without a reason");
    }
    return new UnresolvedModelException(
        status, text(problem, "code", "model-not-found"), text(problem, "detail", ""));
  }

  private static String text(Map<String, Object> problem, String field, String otherwise) {
    return Optional.ofNullable(problem.get(field)).map(Object::toString).orElse(otherwise);
  }

  @Override
  public void send(Artifact artifact, ArtifactCache.Receiver receiver) {
    String what = "send the model file " + artifact.sha256();
    ask(
        what,
        () ->
            files
                .get()
                .uri("/api/v1/artifacts/{sha256}", artifact.sha256())
                .header(HttpHeaders.AUTHORIZATION, "Bearer " + bearer.get())
                .exchange((request, response) -> {
                  int status = response.getStatusCode().value();
                  if (status != 200) {
                    throw new RegistryUnavailableException(what, "it answered " + status);
                  }
                  try (InputStream bytes = response.getBody()) {
                    receiver.receive(bytes);
                  }
                  return artifact;
                }));
  }

  private static <T> T ask(String what, Supplier<T> question) {
    try {
      return question.get();
    } catch (ResourceAccessException e) {
      throw new RegistryUnavailableException(what, "it did not answer, or broke off", e);
    }
  }
}
