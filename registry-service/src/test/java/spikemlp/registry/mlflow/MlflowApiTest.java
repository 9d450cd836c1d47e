package spikemlp.registry.mlflow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static spikemlp.registry.RunningRegistry.FAILED;
import static spikemlp.registry.RunningRegistry.json;
import static spikemlp.registry.RunningRegistry.request;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import spikemlp.registry.RegistryExtension;
import spikemlp.registry.RunningRegistry;
import tools.jackson.databind.JsonNode;

@ExtendWith(RegistryExtension.class)
class MlflowApiTest {

  private static final String API = "/api/2.0/mlflow";

  private final RunningRegistry registry;

  MlflowApiTest(RunningRegistry registry) {
    this.registry = registry;
  }

  @Test
  void aModelIsCreatedOnceAndReadWithMlflowsFields() {
    Map<String, Object> body =
        Map.of(
            "name", "flow",
            "description", "From MLflow.",
            "tags", List.of(Map.of("key", "team", "value", "vision")));
    JsonNode made = json(post("/registered-models/create", body)).path("registered_model");
    assertThat(made.path("name").asString()).isEqualTo("flow");
    assertThat(made.path("description").asString()).isEqualTo("From MLflow.");
    assertThat(made.path("creation_timestamp").asLong()).isGreaterThan(1_700_000_000_000L);
    assertThat(made.path("tags").toString()).isEqualTo("[{\"key\":\"team\",\"value\":\"vision\"}]");
    assertThat(made.path("latest_versions")).isEmpty();
    assertError(post("/registered-models/create", body), 400, "RESOURCE_ALREADY_EXISTS");
    assertError(
        post("/registered-models/create", Map.of("name", "No/Name")),
        400,
        "INVALID_PARAMETER_VALUE");
    assertError(post("/registered-models/create", Map.of()), 400, "INVALID_PARAMETER_VALUE");
    assertError(post("/registered-models/create", List.of()), 400, "INVALID_PARAMETER_VALUE");

    registry.register("flow", registry.request("run-1"));
    JsonNode read = json(get("/registered-models/get?name=flow")).path("registered_model");
    assertThat(read.path("latest_versions").findValuesAsString("version")).containsExactly("1");
    assertError(get("/registered-models/get?name=absent"), 404, "RESOURCE_DOES_NOT_EXIST");
    assertError(get("/registered-models/get"), 400, "INVALID_PARAMETER_VALUE");
    assertError(get("/registered-models/get?name=a%00b"), 400, "INVALID_PARAMETER_VALUE");
  }

  @Test
  void aliasesAreSetResolvedAndDeleted() {
    registry.register("aliased", registry.request("run-1"));
    registry.register("aliased", request("run-2", Map.of(), FAILED));
    Map<String, Object> alias = Map.of("name", "aliased", "alias", "champion", "version", "1");
    HttpResponse<byte[]> set = post("/registered-models/alias", alias);
    assertThat(set.statusCode()).isEqualTo(200);
    assertThat(json(set)).isEmpty();
    JsonNode version =
        json(get("/registered-models/alias?name=aliased&alias=champion")).path("model_version");
    assertThat(version.path("version").asString()).isEqualTo("1");
    assertThat(version.path("aliases").get(0).asString()).isEqualTo("champion");
    JsonNode model = json(get("/registered-models/get?name=aliased")).path("registered_model");
    assertThat(model.path("aliases").toString())
        .isEqualTo("[{\"alias\":\"champion\",\"version\":\"1\"}]");
    assertError(
        post(
            "/registered-models/alias",
            Map.of("name", "aliased", "alias", "champion", "version", "2")),
        409,
        "RESOURCE_CONFLICT");
    assertError(
        post(
            "/registered-models/alias",
            Map.of("name", "aliased", "alias", "champion", "version", "two")),
        400,
        "INVALID_PARAMETER_VALUE");
    assertThat(
            registry
                .sendJson(
                    "DELETE",
                    API + "/registered-models/alias",
                    Map.of("name", "aliased", "alias", "champion"))
                .statusCode())
        .isEqualTo(200);
    assertError(
        get("/registered-models/alias?name=aliased&alias=champion"),
        404,
        "RESOURCE_DOES_NOT_EXIST");
  }

  @Test
  void versionsAreReadSearchedAndFoundByTheirRun() {
    registry.register("listed-flow", registry.request("run-a"));
    registry.register("listed-flow", registry.request("run-b"));
    JsonNode version =
        json(get("/model-versions/get?name=listed-flow&version=2")).path("model_version");
    assertThat(version.path("run_id").asString()).isEqualTo("run-b");
    assertThat(version.path("status").asString()).isEqualTo("READY");
    assertThat(version.path("current_stage").asString()).isEqualTo("None");
    assertError(
        get("/model-versions/get?name=listed-flow&version=9"), 404, "RESOURCE_DOES_NOT_EXIST");
    assertThat(
            json(get("/model-versions/get-download-uri?name=listed-flow&version=2"))
                .path("artifact_uri")
                .asString())
        .isEqualTo("/api/v1/models/listed-flow/versions/2/artifacts")
        .isEqualTo(version.path("source").asString());
    assertThat(registry.get(version.path("source").asString() + "/model.onnx").statusCode())
        .isEqualTo(200);

    assertThat(versions("name='listed-flow'", "")).containsExactly("2", "1");
    assertThat(versions("name = 'listed-flow' and run_id = 'run-a'", "")).containsExactly("1");
    assertThat(versions("name='listed-flow'", "&order_by=version_number%20ASC"))
        .containsExactly("1", "2");
    JsonNode first = json(search("/model-versions/search", "name='listed-flow'", "&max_results=1"));
    JsonNode second =
        json(
            search(
                "/model-versions/search",
                "name='listed-flow'",
                "&max_results=1&page_token=" + first.path("next_page_token").asString()));
    assertThat(second.path("model_versions").findValuesAsString("version")).containsExactly("1");
    assertThat(second.has("next_page_token")).isFalse();
    assertError(search("/model-versions/search", "name == ", ""), 400, "INVALID_PARAMETER_VALUE");
    assertThat(
            json(get("/registered-models/get-latest-versions?name=listed-flow"))
                .path("model_versions")
                .findValuesAsString("version"))
        .containsExactly("2");
  }

  @Test
  void modelsAreSearchedInPages() {
    for (String name : List.of("sought-a", "sought-b", "sought-c")) {
      post("/registered-models/create", Map.of("name", name));
    }
    JsonNode page =
        json(
            search(
                "/registered-models/search",
                "name LIKE 'sought-%'",
                "&max_results=2&order_by=name%20DESC"));
    assertThat(page.path("registered_models").findValuesAsString("name"))
        .containsExactly("sought-c", "sought-b");
    assertThat(page.path("next_page_token").asString()).isNotEmpty();
    assertThat(json(search("/registered-models/search", "tag.team = 'none-such'", "")).toString())
        .isEqualTo("{\"registered_models\":[]}");
  }

  @Test
  void tagsAreSetAndDeleted() {
    registry.register("flow-tags", registry.request("run"));
    for (String kind : List.of("/registered-models", "/model-versions")) {
      Map<String, String> tag =
          Map.of("name", "flow-tags", "version", "1", "key", "stage", "value", "beta");
      assertThat(post(kind + "/set-tag", tag).statusCode()).isEqualTo(200);
      assertThat(json(get(kind + "/get?name=flow-tags&version=1")).findValuesAsString("value"))
          .contains("beta");
      assertError(
          post(
              kind + "/set-tag",
              Map.of("name", "flow-tags", "version", "1", "key", "k", "value", "<script>")),
          400,
          "INVALID_PARAMETER_VALUE");
      assertThat(registry.sendJson("DELETE", API + kind + "/delete-tag", tag).statusCode())
          .isEqualTo(200);
      assertError(
          registry.sendJson("DELETE", API + kind + "/delete-tag", tag),
          404,
          "RESOURCE_DOES_NOT_EXIST");
    }
  }

  @Test
  void aSourceIsNeverReadAndCreatingFindsTheVersionOfTheRun() {
    registry.register("flow-source", registry.request("the-run"));
    for (String source :
        List.of("file:///etc/passwd", "http://169.254.169.254/latest", "runs:/x/model")) {
      HttpResponse<byte[]> refused =
          post("/model-versions/create", Map.of("name", "flow-source", "source", source));
      assertError(refused, 400, "INVALID_PARAMETER_VALUE");
      assertThat(json(refused).path("message").asString())
          .contains("not read from a source", "POST /api/v1/models/flow-source/versions");
    }
    JsonNode found =
        json(post(
                "/model-versions/create",
                Map.of("name", "flow-source", "source", "file:///etc/passwd", "run_id", "the-run")))
            .path("model_version");
    assertThat(found.path("version").asString()).isEqualTo("1");
    assertThat(found.path("source").asString()).startsWith("/api/v1/models/flow-source/");
    assertThat(json(registry.get("/api/v1/models/flow-source/versions")).path("items")).hasSize(1);
  }

  private HttpResponse<byte[]> get(String path) {
    return registry.get(API + path);
  }

  private HttpResponse<byte[]> post(String path, Object body) {
    return registry.sendJson("POST", API + path, body);
  }

  private HttpResponse<byte[]> search(String path, String filter, String more) {
    return get(path + "?filter=" + URLEncoder.encode(filter, UTF_8) + more);
  }

  private List<String> versions(String filter, String more) {
    return json(search("/model-versions/search", filter, more))
        .path("model_versions")
        .findValuesAsString("version");
  }

  private static void assertError(HttpResponse<byte[]> response, int status, String code) {
    assertThat(response.statusCode()).as(new String(response.body(), UTF_8)).isEqualTo(status);
    assertThat(json(response).path("error_code").asString()).isEqualTo(code);
    assertThat(json(response).path("message").asString()).isNotBlank();
  }
}
