package spikemlp.registry.alias;

import static org.assertj.core.api.Assertions.assertThat;
import static spikemlp.registry.RunningRegistry.FAILED;
import static spikemlp.registry.RunningRegistry.code;
import static spikemlp.registry.RunningRegistry.detail;
import static spikemlp.registry.RunningRegistry.json;
import static spikemlp.registry.RunningRegistry.request;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import spikemlp.registry.RegistryExtension;
import spikemlp.registry.RunningRegistry;

@ExtendWith(RegistryExtension.class)
class AliasApiTest {

  private final RunningRegistry registry;

  AliasApiTest(RunningRegistry registry) {
    this.registry = registry;
  }

  @Test
  void anAliasMovesAndItsMovesAreKept() {
    versions("moved", 2);
    HttpResponse<byte[]> first = move("moved", "champion", 1);
    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(json(first).path("aliases").path("champion").asInt()).isEqualTo(1);
    move("moved", "champion", 2);
    move("moved", "champion", 2);
    assertThat(aliases("moved", 1)).isEmpty();
    assertThat(aliases("moved", 2)).containsExactly("champion");
    assertThat(remove("moved", "champion").statusCode()).isEqualTo(204);
    assertThat(aliases("moved", 2)).isEmpty();
    assertThat(code(remove("moved", "champion"))).isEqualTo("alias-not-found");

    assertThat(
            registry
                .jdbc()
                .sql(
                    "select concat_ws('>', coalesce(from_version, 0), coalesce(to_version, 0))"
                        + " from alias_history h join model m on m.id = h.model_id"
                        + " where m.name = 'moved' order by h.id")
                .query(String.class)
                .list())
        .containsExactly("0>1", "1>2", "2>0");
    assertThat(
            registry
                .jdbc()
                .sql("select action from audit_log where subject = 'moved@champion' order by id")
                .query(String.class)
                .list())
        .containsExactly("alias.move", "alias.move", "alias.remove");
  }

  @Test
  void onlyAReadyVersionGetsAnAlias() {
    versions("picky", 1);
    failedVersion("picky");
    HttpResponse<byte[]> refused = move("picky", "champion", 2);
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(code(refused)).isEqualTo("version-not-ready");
    assertThat(detail(refused)).contains("version 2 of model 'picky' is FAILED");
    assertThat(code(move("picky", "champion", 3))).isEqualTo("version-not-found");
    assertThat(code(move("nobody", "champion", 1))).isEqualTo("model-not-found");
    HttpResponse<byte[]> misnamed = move("picky", "Best", 1);
    assertThat(misnamed.statusCode()).isEqualTo(400);
    assertThat(detail(misnamed)).contains("Best");
  }

  @Test
  void aReferenceMeansItsVersionItsAliasOrTheChampion() {
    versions("meant", 3);
    assertThat(resolved("meant:2")).isEqualTo(2);
    assertThat(resolved("meant")).isEqualTo(3);
    move("meant", "canary", 2);
    assertThat(resolved("meant@canary")).isEqualTo(2);
    assertThat(resolved("meant")).isEqualTo(3);
    move("meant", "champion", 1);
    assertThat(resolved("meant")).isEqualTo(1);
  }

  @Test
  void withoutAChampionTheNewestReadyVersionIsMeant() {
    versions("fallback", 1);
    failedVersion("fallback");
    assertThat(resolved("fallback")).isEqualTo(1);
    assertThat(code(resolve("fallback:2"))).isEqualTo("version-not-ready");
  }

  @Test
  void whatAReferenceDoesNotMeanIsSaid() {
    versions("known", 1);
    failedVersion("unready");
    assertThat(code(resolve("unknown"))).isEqualTo("model-not-found");
    assertThat(code(resolve("unknown@champion"))).isEqualTo("model-not-found");
    assertThat(code(resolve("known:9"))).isEqualTo("version-not-found");
    assertThat(code(resolve("known@champion"))).isEqualTo("alias-not-found");
    HttpResponse<byte[]> unready = resolve("unready");
    assertThat(unready.statusCode()).isEqualTo(409);
    assertThat(code(unready)).isEqualTo("version-not-ready");
    HttpResponse<byte[]> malformed = resolve("known:newest");
    assertThat(malformed.statusCode()).isEqualTo(400);
    assertThat(detail(malformed)).contains("NAME@ALIAS");
    assertThat(registry.get("/api/v1/resolve").statusCode()).isEqualTo(400);
  }

  private void versions(String model, int count) {
    for (int i = 1; i <= count; i++) {
      assertThat(registry.register(model, registry.request("job-" + i)).statusCode())
          .isEqualTo(201);
    }
  }

  private void failedVersion(String model) {
    registry.register(model, request("failing", Map.of("model.onnx", registry.uploaded()), FAILED));
  }

  private HttpResponse<byte[]> move(String model, String alias, int version) {
    return registry.sendJson(
        "PUT", "/api/v1/models/" + model + "/aliases/" + alias, Map.of("version", version));
  }

  private HttpResponse<byte[]> remove(String model, String alias) {
    return registry.send(
        "DELETE", "/api/v1/models/" + model + "/aliases/" + alias, BodyPublishers.noBody());
  }

  private HttpResponse<byte[]> resolve(String reference) {
    return registry.get("/api/v1/resolve?model=" + reference);
  }

  private int resolved(String reference) {
    return json(resolve(reference)).path("version").asInt();
  }

  private List<String> aliases(String model, int version) {
    return json(registry.get("/api/v1/models/" + model + "/versions/" + version))
        .path("aliases")
        .valueStream()
        .map(name -> name.asString())
        .toList();
  }
}
