package spikemlp.registry.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static spikemlp.registry.RunningRegistry.code;
import static spikemlp.registry.RunningRegistry.detail;
import static spikemlp.registry.RunningRegistry.json;

import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import spikemlp.registry.Registrations;
import spikemlp.registry.RegistryExtension;
import spikemlp.registry.RunningRegistry;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@ExtendWith(RegistryExtension.class)
class ComparisonTest {

  private final RunningRegistry registry;

  ComparisonTest(RunningRegistry registry) {
    this.registry = registry;
  }

  @Test
  void whatDiffersIsShownAndWhatIsAlikeIsNot() {
    version("compared", 1, "{\"macs\":100.0,\"synaptic_additions\":10.0,\"loss\":0.5}", 0.25);
    version(
        "compared",
        2,
        "{\"macs\":100.0,\"synaptic_additions\":20.0,\"loss\":0.5,\"extra\":1}",
        0.5);
    ObjectNode third = RunningRegistry.JSON.valueToTree(registry.request("compared-3"));
    third.withObject("/card").put("variant", "S-32");
    third.withObject("/card/provenance").put("seed", 7);
    registry.sendJson("POST", "/api/v1/models/compared/versions", third);

    JsonNode two = json(registry.get("/api/v1/models/compared/versions:compare?versions=1,2"));
    assertThat(two.path("configuration").findValuesAsString("name"))
        .containsExactly("training.epochs");
    assertThat(two.path("configuration").get(0).path("values").get(1).asInt()).isEqualTo(2);
    assertThat(two.path("metrics").findValuesAsString("name"))
        .contains("synaptic_additions", "extra")
        .doesNotContain("macs", "loss", "proof.passed", "size_bytes");
    JsonNode energy = row(two, "energy", "energy_pj.horowitz-45nm-compute");
    assertThat(energy.path("values").get(0).asDouble()).isCloseTo(469, within(1e-9));
    assertThat(energy.path("values").get(1).asDouble()).isCloseTo(478, within(1e-9));
    assertThat(energy.path("changes").get(0).asDouble()).isZero();
    assertThat(energy.path("changes").get(1).asDouble()).isCloseTo(9, within(1e-9));
    assertThat(row(two, "firingRates", "tokenMixing").path("changes").toString())
        .isEqualTo("[0.0,0.25]");
    assertThat(row(two, "metrics", "extra").path("values").get(0).isNull()).isTrue();
    assertThat(row(two, "metrics", "extra").path("changes").get(1).isNull()).isTrue();

    JsonNode three = json(registry.get("/api/v1/models/compared/versions:compare?versions=3,1,2"));
    assertThat(three.path("versions").toString()).isEqualTo("[3,1,2]");
    assertThat(three.path("configuration").findValuesAsString("name"))
        .contains("variant", "provenance.seed");
    assertThat(row(three, "firingRates", "tokenMixing").path("values").toString())
        .isEqualTo("[null,0.25,0.5]");
  }

  @Test
  void versionsThatAreNotThereAreNamed() {
    registry.register("lonely", registry.request("job"));
    HttpResponse<byte[]> absent =
        registry.get("/api/v1/models/lonely/versions:compare?versions=1,2");
    assertThat(absent.statusCode()).isEqualTo(404);
    assertThat(code(absent)).isEqualTo("version-not-found");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "?versions=1",
        "?versions=1,1",
        "?versions=1,x",
        "?versions=1,-2",
        "?versions=1,2,3,4,5,6,7,8,9,10,11",
        "?versions=1,99999999999",
        "?versions=1,2&other=3"
      })
  void otherLists(String query) {
    registry.register("lonely", registry.request("job"));
    HttpResponse<byte[]> refused = registry.get("/api/v1/models/lonely/versions:compare" + query);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(detail(refused)).containsAnyOf("2 to 10 different version numbers", "other");
  }

  private void version(String model, int number, String metrics, double firingRate) {
    String report =
        "{\"plan\":{\"epochs\":%d,\"batchSize\":8},\"results\":{\"firingRates\":{\"tokenMixing\":%s}}}"
            .formatted(number, firingRate);
    ObjectNode body =
        RunningRegistry.JSON.valueToTree(
            Registrations.withFile(
                registry,
                Registrations.with(registry.request(model + "-" + number), Map.of()),
                "report.json",
                report));
    body.set("metrics", RunningRegistry.JSON.readTree(metrics));
    assertThat(
            registry.sendJson("POST", "/api/v1/models/" + model + "/versions", body).statusCode())
        .isEqualTo(201);
  }

  private static JsonNode row(JsonNode comparison, String section, String name) {
    return comparison
        .path(section)
        .valueStream()
        .filter(each -> each.path("name").asString().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
