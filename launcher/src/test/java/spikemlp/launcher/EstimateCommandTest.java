package spikemlp.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import spikemlp.contract.card.NeuronLayer;
import spikemlp.contract.card.Topology;
import spikemlp.contract.job.NetworkSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EstimateCommandTest {

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    CommandLine line = SpikeMlp.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }

  private JsonNode json(String... options) throws IOException {
    Path file = folder.resolve("estimate.json");
    String[] arguments = new String[options.length + 3];
    arguments[0] = "estimate";
    System.arraycopy(options, 0, arguments, 1, options.length);
    arguments[options.length + 1] = "--json";
    arguments[options.length + 2] = file.toString();
    assertThat(run(arguments)).as(err.toString()).isZero();
    return JsonMapper.shared().readTree(Files.readString(file));
  }

  @ParameterizedTest
  @CsvSource({"mlp-spe-t, 25.2", "mlp-spe-s, 37.9", "mlp-spe-b, 65.6", "mlp-s, 34.5"})
  void thePublishedParametersArePrinted(String variant, String millions) {
    assertThat(run("estimate", "--variant", variant)).isZero();
    assertThat(out.toString()).contains(millions + " M parameters");
  }

  @Test
  void thePapersNumbersArePrintedAtItsFiringRate() throws Exception {
    JsonNode estimate = json("--variant", "mlp-spe-t", "--rate", "0.14");

    assertThat(out.toString())
        .contains("A = 4.97 G spike-driven additions a step")
        .contains("2.8 G additions and 2.5 mJ, against 22.9 mJ")
        .contains("horowitz-45nm-compute", "int8", "int32", "fp16", "memory-aware")
        .contains("ANN of 3 bits");
    assertThat(estimate.path("parameters").asLong()).isEqualTo(25_195_875);
    assertThat(estimate.path("operations").path("annMacs").asLong()).isEqualTo(4_958_590_104L);
    assertThat(estimate.path("paper").path("picojoules").asDouble()).isCloseTo(2.5e9, within(5e7));
    assertThat(estimate.path("memoryAware").path("spiking").path("weights").asDouble())
        .isPositive();
    assertThat(estimate.path("memory").path("trainingBytes").path("total").asLong()).isPositive();
  }

  @Test
  void everyOptionOfTheNetworkCounts() throws Exception {
    JsonNode estimate =
        json(
            "--image-height=10",
            "--image-width=14",
            "--patch-size=2",
            "--embedding-dim=6",
            "--depths=1,2",
            "--expansion-ratio=2",
            "--patch-encoding=PARTITION",
            "--skips=none",
            "--time-steps=6",
            "--classes=7",
            "--rate=0.5",
            "--batch-size=3");
    JsonNode network = estimate.path("network");
    assertThat(network.path("depths")).hasToString("[1,2]");
    assertThat(network.path("classes").asInt()).isEqualTo(7);
    assertThat(network.path("timeSteps").asInt()).isEqualTo(6);
    assertThat(estimate.path("memory").path("batchSize").asInt()).isEqualTo(3);
    JsonNode counts = estimate.path("operations");
    assertThat(counts.path("synapticAdditions").asLong())
        .isEqualTo(3 * estimate.path("denseAdditionsPerStep").asLong());
  }

  @Test
  void eachLayerMayHaveARateOfItsOwnAsInAReport() throws Exception {
    Map<String, Double> rates =
        Topology.of(NetworkSpec.SMALL.resolve(32, 32, 10)).neurons().stream()
            .collect(Collectors.toMap(NeuronLayer::name, layer -> 0.25));
    Path plain = folder.resolve("rates.json");
    Files.writeString(plain, JsonMapper.shared().writeValueAsString(rates));
    Path report = folder.resolve("report.json");
    Files.writeString(
        report,
        JsonMapper.shared().writeValueAsString(Map.of("results", Map.of("firingRates", rates))));

    JsonNode uniform = json("--rate", "0.25");

    assertThat(json("--rate", plain.toString())).isEqualTo(uniform);
    assertThat(json("--rate", report.toString())).isEqualTo(uniform);
    rates.remove("head.lif");
    Files.writeString(plain, JsonMapper.shared().writeValueAsString(rates));
    assertThat(run("estimate", "--rate", plain.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("missing head.lif");
  }

  @Test
  void whatClashesIsNamed() throws Exception {
    Path noRates = Files.writeString(folder.resolve("bad.json"), "[0.1]");
    Path words = Files.writeString(folder.resolve("words.json"), "{\"head.lif\": \"often\"}");

    refused("--rate 1.5 is no firing rate", "--rate", "1.5");
    refused("neither a number from 0 to 1 nor a file", "--rate", "often");
    refused("an object from neuron layers to rates", "--rate", noRates.toString());
    refused("the rate of head.lif is", "--rate", words.toString());
    refused("patchSize 4 does not divide it", "--image-height", "30");
    refused("which 3 does not divide", "--embedding-dim", "50");
    refused("no variant is named 'mlp-x'", "--variant", "mlp-x");
    refused("classes = 1: must be 2 or more", "--classes", "1");
    refused("a batch has 1 image or more, not 0", "--batch-size", "0");
    refused("an access moves 1 bit or more, not -1", "--access-bits", "-1");
    refused("too large to be counted", "--image-height", "400000", "--image-width", "400000");
  }

  private void refused(String message, String... options) {
    String[] arguments = new String[options.length + 1];
    arguments[0] = "estimate";
    System.arraycopy(options, 0, arguments, 1, options.length);
    err.getBuffer().setLength(0);
    assertThat(run(arguments)).isEqualTo(1);
    assertThat(err.toString().lines().toList()).hasSize(1);
    assertThat(err.toString()).contains(message);
  }
}
