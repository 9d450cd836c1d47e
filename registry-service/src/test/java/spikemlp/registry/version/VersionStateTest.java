package spikemlp.registry.version;

import static org.assertj.core.api.Assertions.assertThat;
import static spikemlp.registry.RunningRegistry.code;
import static spikemlp.registry.RunningRegistry.detail;
import static spikemlp.registry.RunningRegistry.json;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import spikemlp.contract.registry.Artifact;
import spikemlp.contract.registry.RegisterVersionRequest;
import spikemlp.registry.RegistryExtension;
import spikemlp.registry.RunningRegistry;

@ExtendWith(RegistryExtension.class)
class VersionStateTest {

  private final RunningRegistry registry;

  VersionStateTest(RunningRegistry registry) {
    this.registry = registry;
  }

  @Test
  void anArchivedVersionIsNoLongerServedAndComesBackAsItWas() {
    register("shelved", 1);
    assertThat(json(post("shelved", "1:archive")).path("state").asString()).isEqualTo("ARCHIVED");
    assertThat(post("shelved", "1:archive").statusCode()).isEqualTo(200);
    assertThat(code(registry.get("/api/v1/resolve?model=shelved:1")))
        .isEqualTo("version-not-ready");
    assertThat(code(alias("shelved", 1))).isEqualTo("version-not-ready");
    assertThat(json(post("shelved", "1:restore")).path("state").asString()).isEqualTo("READY");
    assertThat(post("shelved", "1:restore").statusCode()).isEqualTo(200);
    assertThat(audited("shelved:1"))
        .containsExactly("version.register", "version.archive", "version.restore");
    assertThat(code(post("shelved", "7:archive"))).isEqualTo("version-not-found");
  }

  @Test
  void aVersionWithAnAliasIsNeitherArchivedNorDeleted() {
    register("held", 1);
    alias("held", 1);
    for (HttpResponse<byte[]> refused : List.of(post("held", "1:archive"), delete("held", 1))) {
      assertThat(refused.statusCode()).isEqualTo(409);
      assertThat(code(refused)).isEqualTo("version-aliased");
      assertThat(detail(refused)).contains("champion");
    }
    assertThat(registry.get("/api/v1/models/held/versions/1").statusCode()).isEqualTo(200);
  }

  @Test
  void aDeletedVersionIsGoneFromListsUntilItIsBroughtBack() {
    register("binned", 2);
    HttpResponse<byte[]> deleted = delete("binned", 2);
    assertThat(deleted.statusCode()).isEqualTo(200);
    Instant at = Instant.parse(json(deleted).path("deletedAt").asString());
    assertThat(Instant.parse(json(deleted).path("purgedAfter").asString()))
        .isEqualTo(at.plus(Duration.ofDays(30)));
    assertThat(json(delete("binned", 2))).isEqualTo(json(deleted));

    HttpResponse<byte[]> gone = registry.get("/api/v1/models/binned/versions/2");
    assertThat(gone.statusCode()).isEqualTo(404);
    assertThat(code(gone)).isEqualTo("version-deleted");
    assertThat(versions("binned")).containsExactly("1");
    assertThat(json(registry.get("/api/v1/models/binned")).path("versions").asInt()).isEqualTo(1);
    assertThat(json(registry.get("/api/v1/models/binned/deleted-versions")).get(0))
        .isEqualTo(json(deleted));
    assertThat(code(alias("binned", 2))).isEqualTo("version-deleted");
    assertThat(json(registry.get("/api/v1/resolve?model=binned")).path("version").asInt())
        .isEqualTo(1);
    assertThat(code(registry.register("binned", registry.request("binned-2"))))
        .isEqualTo("version-deleted");

    assertThat(json(post("binned", "2:undelete")).path("state").asString()).isEqualTo("READY");
    assertThat(post("binned", "2:undelete").statusCode()).isEqualTo(200);
    assertThat(versions("binned")).containsExactly("2", "1");
    assertThat(audited("binned:2"))
        .containsExactly("version.register", "version.delete", "version.undelete");
  }

  @Test
  void afterTheGracePeriodAVersionEndsAndItsNumberIsNotGivenAgain() {
    register("ended", 3);
    delete("ended", 2);
    delete("ended", 3);
    VersionPurge purge = registry.context().getBean(VersionPurge.class);
    purge.purge();
    assertThat(json(registry.get("/api/v1/models/ended/deleted-versions"))).hasSize(2);

    registry
        .jdbc()
        .sql(
            """
            update model_version v set deleted_at = now() - interval '31 days' from model m
             where m.id = v.model_id and m.name = 'ended' and v.version = 3
            """)
        .update();
    purge.purge();
    assertThat(json(registry.get("/api/v1/models/ended/deleted-versions"))).hasSize(1);
    assertThat(code(post("ended", "3:undelete"))).isEqualTo("version-not-found");
    assertThat(audited("ended:3")).last().isEqualTo("version.purge");
    RegisterVersionRequest again = registry.request("ended-3");
    assertThat(json(registry.register("ended", again)).path("version").asInt()).isEqualTo(4);
  }

  @Test
  void aDeletedVersionsFilesStayUntilItCanNoLongerBeBroughtBack() {
    Artifact file = registry.uploaded();
    registry.register(
        "refilled",
        RunningRegistry.request("job", Map.of("model.onnx", file), RunningRegistry.PASSED));
    String download = "/api/v1/models/refilled/versions/1/artifacts/model.onnx";
    delete("refilled", 1);
    collect(file);
    assertThat(post("refilled", "1:undelete").statusCode()).isEqualTo(200);
    assertThat(registry.get(download).statusCode()).isEqualTo(200);

    delete("refilled", 1);
    registry
        .jdbc()
        .sql(
            """
            update model_version v set deleted_at = now() - interval '31 days' from model m
             where m.id = v.model_id and m.name = 'refilled'
            """)
        .update();
    registry.context().getBean(VersionPurge.class).purge();
    collect(file);
    assertThat(code(registry.get("/api/v1/artifacts/" + file.sha256())))
        .isEqualTo("artifact-not-found");
  }

  /** Collects when the file's own grace period is over. */
  private void collect(Artifact file) {
    registry
        .jdbc()
        .sql("update artifact set touched_at = now() - interval '25 hours' where sha256 = ?")
        .param(file.sha256())
        .update();
    assertThat(registry.sendAsAdmin("POST", "/api/v1/artifacts:collect", Map.of()).statusCode())
        .isEqualTo(200);
  }

  private void register(String model, int count) {
    for (int i = 1; i <= count; i++) {
      registry.register(model, registry.request(model + "-" + i));
    }
  }

  private HttpResponse<byte[]> post(String model, String action) {
    return registry.sendJson("POST", "/api/v1/models/" + model + "/versions/" + action, "");
  }

  private HttpResponse<byte[]> delete(String model, int version) {
    return registry.sendJson("DELETE", "/api/v1/models/" + model + "/versions/" + version, "");
  }

  private HttpResponse<byte[]> alias(String model, int version) {
    return registry.sendJson(
        "PUT", "/api/v1/models/" + model + "/aliases/champion", Map.of("version", version));
  }

  private List<String> versions(String model) {
    return json(registry.get("/api/v1/models/" + model + "/versions"))
        .path("items")
        .findValuesAsString("version");
  }

  private List<String> audited(String subject) {
    return registry
        .jdbc()
        .sql("select action from audit_log where subject = ? order by id")
        .param(subject)
        .query((row, number) -> row.getString("action"))
        .list();
  }
}
