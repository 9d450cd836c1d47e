package spikemlp.registry.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static spikemlp.registry.RunningRegistry.code;
import static spikemlp.registry.RunningRegistry.json;
import static spikemlp.registry.RunningRegistry.sha256;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import spikemlp.contract.card.Parent;
import spikemlp.contract.card.StartMode;
import spikemlp.registry.Registrations;
import spikemlp.registry.RegistryExtension;
import spikemlp.registry.RunningRegistry;
import tools.jackson.databind.JsonNode;

@ExtendWith(RegistryExtension.class)
class LineageTest {

  private static final String CHECKPOINT = "weights";

  private final RunningRegistry registry;

  LineageTest(RunningRegistry registry) {
    this.registry = registry;
  }

  @Test
  void aVersionsLineageLeadsFromJobAndDataOverItsParentsToItsChildren() {
    registry.register(
        "family",
        Registrations.withFile(
            registry, registry.request("family-1"), "checkpoint.safetensors", CHECKPOINT));
    child("family", "family-2", "family", 1, hash(CHECKPOINT));
    child("offspring", "offspring-1", "family", 2, hash("other"));
    child("offspring", "offspring-2", "family", 2, hash("other"));
    child("family", "unrelated", "nobody", 9, hash("other"));

    JsonNode graph = json(registry.get("/api/v1/models/family/versions/2/lineage"));
    assertThat(graph.path("root").asString()).isEqualTo("version:family:2");
    assertThat(graph.path("complete").asBoolean()).isTrue();
    assertThat(ids(graph))
        .contains(
            "version:family:1",
            "version:family:2",
            "version:offspring:1",
            "version:offspring:2",
            "job:family-1",
            "job:offspring-2",
            "data:" + "0".repeat(64))
        .doesNotContain("version:family:3");
    assertThat(edges(graph, "STARTED_FROM"))
        .containsExactlyInAnyOrder(
            "version:family:1>version:family:2 MATCHED",
            "version:family:2>version:offspring:1 OTHER_CHECKPOINT",
            "version:family:2>version:offspring:2 OTHER_CHECKPOINT");
    assertThat(edges(graph, "PRODUCED")).contains("job:family-2>version:family:2 ");
    assertThat(edges(graph, "TRAINED_ON"))
        .contains("data:" + "0".repeat(64) + ">version:family:2 ");

    JsonNode unknown = json(registry.get("/api/v1/models/family/versions/3/lineage"));
    assertThat(edges(unknown, "STARTED_FROM"))
        .containsExactly("version:nobody:9>version:family:3 ABSENT");
    assertThat(node(unknown, "version:nobody:9").path("properties").path("known").asBoolean())
        .isFalse();
  }

  @Test
  void aDeletedParentIsShownAsSuch() {
    registry.register("line", registry.request("line-1"));
    child("line", "line-2", "line", 1, hash(CHECKPOINT));
    registry.sendJson("DELETE", "/api/v1/models/line/versions/1", "");
    JsonNode graph = json(registry.get("/api/v1/models/line/versions/2/lineage"));
    assertThat(node(graph, "version:line:1").path("properties").path("deleted").asBoolean())
        .isTrue();
    assertThat(code(registry.get("/api/v1/models/line/versions/1/lineage")))
        .isEqualTo("version-deleted");
  }

  @Test
  void parentsInACircleEnd() {
    child("circle", "circle-1", "circle", 2, hash(CHECKPOINT));
    child("circle", "circle-2", "circle", 1, hash(CHECKPOINT));
    JsonNode graph = json(registry.get("/api/v1/models/circle/versions/1/lineage"));
    assertThat(edges(graph, "STARTED_FROM"))
        .containsExactlyInAnyOrder(
            "version:circle:2>version:circle:1 ABSENT",
            "version:circle:1>version:circle:2 OTHER_CHECKPOINT");
  }

  private void child(String model, String job, String parent, int version, String checkpoint) {
    assertThat(
            registry
                .register(
                    model,
                    Registrations.startedFrom(
                        registry.request(job),
                        new Parent(parent, version, checkpoint, StartMode.INHERIT, 2)))
                .statusCode())
        .isEqualTo(201);
  }

  private static String hash(String content) {
    return sha256(content.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> ids(JsonNode graph) {
    return graph.path("nodes").findValuesAsString("id");
  }

  private static JsonNode node(JsonNode graph, String id) {
    return graph
        .path("nodes")
        .valueStream()
        .filter(each -> each.path("id").asString().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> edges(JsonNode graph, String relation) {
    return graph
        .path("edges")
        .valueStream()
        .filter(edge -> edge.path("relation").asString().equals(relation))
        .map(edge ->
            edge.path("from").asString()
                + ">"
                + edge.path("to").asString()
                + " "
                + edge.path("properties").path("check").asString(""))
        .toList();
  }
}
