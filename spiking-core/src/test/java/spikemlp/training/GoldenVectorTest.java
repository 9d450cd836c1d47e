package spikemlp.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import spikemlp.checkpoint.CheckpointException;
import spikemlp.checkpoint.Safetensors;
import spikemlp.checkpoint.SafetensorsFile;
import spikemlp.checkpoint.StoredTensor;
import spikemlp.kernel.Precision;

/** The whole network held against PyTorch with SpikingJelly's neuron. */
final class GoldenVectorTest {

  private static final Path REFERENCE = Path.of("src/test/resources/reference");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spe-default",
        "partition-ct-full-reset",
        "tet-six-steps",
        "one-step-no-skips",
        "three-stages",
        "all-skips"
      })
  void singlePrecisionIsThePaperNetwork(String name) {
    GoldenVectorReport report = GoldenVector.check(file(name));
    System.out.printf(
        "%s: logits %.1e, losses %s, gradients %.1e, after %.1e, evaluation %.1e, spikes %d%n",
        name,
        report.logits(),
        report.losses(),
        worst(report.gradients()),
        worst(report.after()),
        report.evaluationLogits(),
        report.spikesDiffering());
    assertThat(report.differingSpikes().values()).allMatch(count -> count == 0);
    assertThat(report.logits()).isLessThan(1e-4);
    assertThat(report.evaluationLogits()).isLessThan(1e-4);
    assertThat(report.losses().values()).allMatch(error -> error < 1e-4);
    assertThat(report.gradients()).allSatisfy((_, error) -> assertThat(error).isLessThan(1e-4));
    assertThat(report.after()).allSatisfy((_, error) -> assertThat(error).isLessThan(1e-4));
    assertThat(report.passed()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"spe-default", "partition-ct-full-reset"})
  void doublePrecisionAgreesToRounding(String name) {
    GoldenVectorReport report = GoldenVector.check(file(name), Precision.DOUBLE);
    assertThat(report.worst()).isLessThan(1e-9);
    assertThat(report.spikesDiffering()).isZero();
  }

  @Test
  void aDifferentGradientIsNoticed(@TempDir Path directory) {
    SafetensorsFile file = Safetensors.read(file("all-skips"));
    Map<String, StoredTensor> tensors = new LinkedHashMap<>(file.tensors());
    double[] gradient = file.doubles("grad/stages.0.mixers.1.fuse.fc.weight").values();
    gradient[0] += 0.01;
    Path wrong = directory.resolve("wrong.safetensors");
    Safetensors.write(wrong, file.metadata(), tensors);
    GoldenVectorReport report = GoldenVector.check(wrong);
    assertThat(report.passed()).isFalse();
    assertThat(report.worst())
        .isEqualTo(report.gradients().get("stages.0.mixers.1.fuse.fc.weight"));
  }

  @Test
  void aMissingTensorIsNamed(@TempDir Path directory) {
    SafetensorsFile file = Safetensors.read(file("all-skips"));
    Map<String, StoredTensor> tensors = new LinkedHashMap<>(file.tensors());
    tensors.remove("before/head.classifier.bias");
    Path wrong = directory.resolve("wrong.safetensors");
    Safetensors.write(wrong, file.metadata(), tensors);
    assertThatThrownBy(() -> GoldenVector.check(wrong))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("wrong.safetensors")
        .hasMessageContaining("before/head.classifier.bias");
    Safetensors.write(wrong, Map.of("config", "{}"), tensors);
    assertThatThrownBy(() -> GoldenVector.check(wrong))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("'depths'");
    Safetensors.write(wrong, Map.of(), tensors);
    assertThatThrownBy(() -> GoldenVector.check(wrong))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("'config'");
  }

  @Test
  void aTruncatedFileIsNamed(@TempDir Path directory) throws IOException {
    byte[] whole = Files.readAllBytes(file("all-skips"));
    Path cut = directory.resolve("cut.safetensors");
    Files.write(cut, Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> GoldenVector.check(cut))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("cut.safetensors: is truncated");
  }

  private static Path file(String name) {
    return REFERENCE.resolve(name + ".safetensors");
  }

  private static double worst(Map<String, Double> errors) {
    return errors.values().stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }
}
