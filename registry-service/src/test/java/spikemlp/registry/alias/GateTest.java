package spikemlp.registry.alias;

import static org.assertj.core.api.Assertions.assertThat;
import static spikemlp.registry.RunningRegistry.code;
import static spikemlp.registry.RunningRegistry.detail;
import static spikemlp.registry.RunningRegistry.json;

import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import spikemlp.registry.Registrations;
import spikemlp.registry.RegistryExtension;
import spikemlp.registry.RunningRegistry;
import tools.jackson.databind.JsonNode;

@ExtendWith(RegistryExtension.class)
class GateTest {

  private final RunningRegistry registry;

  GateTest(RunningRegistry registry) {
    this.registry = registry;
  }

  @Test
  void aCandidateWithinTheGatePassesAndOneBeyondItIsRefusedWithBothNumbers() {
    version("gated", 0.97, 2.0e6);
    version("gated", 0.966, 1.9e6);
    version("gated", 0.95, 2.5e6);
    gate("gated", ACCURACY_AND_ENERGY);
    assertThat(move("gated", 1).statusCode()).isEqualTo(200);
    assertThat(move("gated", 2).statusCode()).isEqualTo(200);

    HttpResponse<byte[]> refused = move("gated", 3);
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(code(refused)).isEqualTo("gate-refused");
    JsonNode failed = json(refused).path("failed");
    assertThat(failed).hasSize(2);
    assertThat(failed.get(0).path("condition").asString())
        .isEqualTo("accuracy >= holder.accuracy - 0.005");
    assertThat(failed.get(0).path("candidate").asDouble()).isEqualTo(0.95);
    assertThat(failed.get(0).path("reference").asDouble()).isEqualTo(0.966 - 0.005);
    assertThat(failed.get(1).path("candidate").asDouble()).isEqualTo(2.5e6);
    assertThat(failed.get(1).path("reference").asDouble()).isEqualTo(1.9e6);
    assertThat(detail(refused)).contains("the candidate has 0.95", "asked for 1900000.0");
    assertThat(holder("gated")).isEqualTo(2);
  }

  @Test
  void proofSizeNamedEstimatorsAndConstantsAreConditionsToo() {
    registry.register(
        "measured",
        Registrations.with(
            registry.request("measured-1"),
            Map.of("macs", 1000.0, "synaptic_additions", 100.0, "latency_ms", 3.0)));
    gate(
        "measured",
        List.of(
            constant("proof.argmax_agreement", ">=", 1),
            constant("proof.passed", ">=", 1),
            constant("size_bytes", "<=", 36),
            constant("energy_pj.int8", "<=", 0.23 * 1000 + 0.03 * 100),
            constant("latency_ms", "<", 3.5)));
    assertThat(move("measured", 1).statusCode()).isEqualTo(200);
    gate(
        "measured",
        List.of(
            constant("size_bytes.model.onnx", "<", 36),
            constant("latency_ms", ">", 3),
            constant("robustness", ">", 0.5)));
    registry.sendAsAdmin("DELETE", "/api/v1/models/measured/aliases/champion", Map.of());
    HttpResponse<byte[]> refused = move("measured", 1);
    assertThat(json(refused).path("failed").findValuesAsString("metric"))
        .containsExactly("size_bytes.model.onnx", "latency_ms", "robustness");
    assertThat(detail(refused)).contains("the candidate has no robustness");
  }

  @Test
  void anOverrideNeedsAdminAndAReasonAndIsAudited() {
    version("forced", 0.9, 1.0);
    version("forced", 0.5, 1.0);
    gate("forced", ACCURACY_AND_ENERGY);
    move("forced", 1);
    Map<String, Object> override = Map.of("version", 2, "overrideReason", "the test set was wrong");
    String path = "/api/v1/models/forced/aliases/champion";
    HttpResponse<byte[]> forbidden = registry.sendJson("PUT", path, override);
    assertThat(forbidden.statusCode()).isEqualTo(403);
    assertThat(
            registry
                .sendAsAdmin("PUT", path, Map.of("version", 2, "overrideReason", " "))
                .statusCode())
        .isEqualTo(422);
    assertThat(registry.sendAsAdmin("PUT", path, Map.of("version", 2)).statusCode()).isEqualTo(409);
    assertThat(holder("forced")).isEqualTo(1);
    assertThat(registry.sendAsAdmin("PUT", path, override).statusCode()).isEqualTo(200);
    assertThat(holder("forced")).isEqualTo(2);
    JsonNode history = json(registry.get(path + "/history")).path("items");
    assertThat(history.get(0).path("overrideReason").asString())
        .isEqualTo("the test set was wrong");
    assertThat(history.get(0).path("from").asInt()).isEqualTo(1);
    assertThat(history.get(1).path("overrideReason").isNull()).isTrue();
    JsonNode entry = json(registry.get("/api/v1/models/forced/audit?action=alias.override"));
    assertThat(entry.path("items").get(0).path("detail").path("overrideReason").asString())
        .isEqualTo("the test set was wrong");
    assertThat(entry.path("items").get(0).path("detail").path("failed")).hasSize(1);
  }

  @Test
  void removingTheAliasLeadsNotRoundTheGate() {
    version("round", 0.9, 1.0);
    version("round", 0.5, 1.0);
    gate("round", ACCURACY_AND_ENERGY);
    move("round", 1);
    String path = "/api/v1/models/round/aliases/champion";
    assertThat(registry.sendJson("DELETE", path, "").statusCode()).isEqualTo(403);
    assertThat(holder("round")).isEqualTo(1);
    assertThat(registry.sendAsAdmin("DELETE", path, Map.of()).statusCode()).isEqualTo(204);
  }

  @Test
  void aGateIsReadReplacedAndRemovedAndAWrongOneIsRefusedWhole() {
    version("declared", 0.9, 1.0);
    String path = "/api/v1/models/declared/aliases/champion/gate";
    assertThat(code(registry.get(path))).isEqualTo("gate-not-found");
    assertThat(
            registry.sendJson("PUT", path, Map.of("conditions", ACCURACY_AND_ENERGY)).statusCode())
        .isEqualTo(403);
    gate("declared", ACCURACY_AND_ENERGY);
    assertThat(json(registry.get(path)).path("conditions")).hasSize(2);

    HttpResponse<byte[]> wrong =
        registry.sendAsAdmin(
            "PUT",
            path,
            Map.of(
                "conditions",
                List.of(
                    Map.of("metric", " ", "comparison", "=>", "constant", 1),
                    Map.of("metric", "accuracy", "comparison", ">="),
                    Map.of("metric", "a", "comparison", ">", "constant", 1, "holder", Map.of()))));
    assertThat(wrong.statusCode()).isEqualTo(422);
    assertThat(json(wrong).path("errors").findValuesAsString("field"))
        .containsExactly(
            "conditions[0].metric", "conditions[0].comparison", "conditions[1]", "conditions[2]");
    assertThat(registry.sendAsAdmin("PUT", path, Map.of("conditions", List.of())).statusCode())
        .isEqualTo(422);
    assertThat(json(registry.get(path)).path("conditions")).hasSize(2);
    assertThat(registry.sendAsAdmin("DELETE", path, Map.of()).statusCode()).isEqualTo(204);
    assertThat(code(registry.get(path))).isEqualTo("gate-not-found");
  }

  private static final List<Map<String, Object>> ACCURACY_AND_ENERGY =
      List.of(
          Map.of("metric", "accuracy", "comparison", ">=", "holder", Map.of("offset", -0.005)),
          Map.of("metric", "energy_pj", "comparison", "<=", "holder", Map.of()));

  private static Map<String, Object> constant(String metric, String comparison, double value) {
    return Map.of("metric", metric, "comparison", comparison, "constant", value);
  }

  private void version(String model, double accuracy, double energy) {
    String job = model + "-" + accuracy;
    registry.register(
        model,
        Registrations.with(
            registry.request(job),
            new HashMap<>(Map.of("accuracy", accuracy, "energy_pj", energy))));
  }

  private void gate(String model, List<Map<String, Object>> conditions) {
    assertThat(
            registry
                .sendAsAdmin(
                    "PUT",
                    "/api/v1/models/" + model + "/aliases/champion/gate",
                    Map.of("conditions", conditions))
                .statusCode())
        .isEqualTo(200);
  }

  private HttpResponse<byte[]> move(String model, int version) {
    return registry.sendJson(
        "PUT", "/api/v1/models/" + model + "/aliases/champion", Map.of("version", version));
  }

  private int holder(String model) {
    return json(registry.get("/api/v1/models/" + model)).path("aliases").path("champion").asInt();
  }
}
