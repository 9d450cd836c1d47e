package spikemlp.registry.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static spikemlp.registry.RunningRegistry.code;
import static spikemlp.registry.RunningRegistry.detail;
import static spikemlp.registry.RunningRegistry.json;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import spikemlp.registry.RegistryExtension;
import spikemlp.registry.RunningRegistry;
import tools.jackson.databind.JsonNode;

@ExtendWith(RegistryExtension.class)
class AuditApiTest {

  private final RunningRegistry registry;

  AuditApiTest(RunningRegistry registry) {
    this.registry = registry;
  }

  @Test
  void aModelsEntriesSayWhoWhenWhatBeforeAndAfter() {
    registry.register("watched", registry.request("job"));
    describe("watched", "first");
    describe("watched", "second");
    registry.sendJson("PUT", "/api/v1/models/watched/aliases/champion", Map.of("version", 1));
    registry.register("watched-too", registry.request("job"));

    JsonNode items = json(registry.get("/api/v1/models/watched/audit")).path("items");
    assertThat(items.findValuesAsString("action"))
        .containsExactly(
            "alias.move", "model.describe", "model.describe", "version.register", "model.create");
    JsonNode described = items.get(1);
    assertThat(described.path("actor").asString()).isEqualTo("tester");
    assertThat(described.path("subject").asString()).isEqualTo("watched");
    assertThat(described.path("before").asString()).isEqualTo("first");
    assertThat(described.path("after").asString()).isEqualTo("second");
    assertThat(described.path("at").asString()).startsWith("20").endsWith("Z");
    assertThat(items.get(3).path("detail").path("sourceJobId").asString()).isEqualTo("job");
    assertThat(items.get(0).path("before").isNull()).isTrue();
    assertThat(code(registry.get("/api/v1/models/nobody/audit"))).isEqualTo("model-not-found");
  }

  @Test
  void theWholeLogIsForAdminsFilteredAndInPages() {
    for (int i = 0; i < 5; i++) {
      registry.register("logged", registry.request("job-" + i));
    }
    assertThat(registry.get("/api/v1/audit").statusCode()).isEqualTo(403);
    List<String> subjects = new ArrayList<>();
    String after = "";
    do {
      JsonNode page = admin("?model=logged&action=version.register&limit=2" + after);
      subjects.addAll(page.path("items").findValuesAsString("subject"));
      after = page.path("next").isString() ? "&after=" + page.path("next").asString() : "";
    } while (!after.isEmpty());
    assertThat(subjects)
        .containsExactly("logged:5", "logged:4", "logged:3", "logged:2", "logged:1");
    assertThat(admin("?subject=logged:3").path("items")).hasSize(1);
    assertThat(admin("?model=logged&actor=tester").path("items")).hasSize(6);
    assertThat(admin("?model=logged&actor=nobody").path("items")).isEmpty();
    assertThat(admin("?model=logged&until=2020-01-01T00:00:00Z").path("items")).isEmpty();
    assertThat(admin("?model=logged&since=2020-01-01T00:00:00Z").path("items")).hasSize(6);
    assertThat(admin("?action=artifact.upload&limit=1").path("items")).hasSize(1);
  }

  @Test
  void wrongParametersAreAllNamed() {
    HttpResponse<byte[]> refused =
        registry.sendAsAdmin("GET", "/api/v1/audit?since=yesterday&limit=0&who=me", Map.of());
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(detail(refused))
        .contains("since is an ISO 8601 instant", "limit is a whole number", "who is no parameter");
  }

  @Test
  void theDatabaseRefusesEveryChangeOfAnEntry() {
    registry.register("kept", registry.request("job"));
    for (String change :
        List.of(
            "update audit_log set actor = 'x' where subject = 'kept'",
            "delete from audit_log where subject = 'kept'",
            "truncate audit_log")) {
      assertThatThrownBy(() -> registry.jdbc().sql(change).update())
          .as(change)
          .hasMessageContaining("append-only");
    }
    assertThat(admin("?subject=kept").path("items")).hasSize(1);
  }

  private void describe(String model, String description) {
    registry.sendJson("PATCH", "/api/v1/models/" + model, Map.of("description", description));
  }

  private JsonNode admin(String query) {
    return json(registry.sendAsAdmin("GET", "/api/v1/audit" + query, Map.of()));
  }
}
