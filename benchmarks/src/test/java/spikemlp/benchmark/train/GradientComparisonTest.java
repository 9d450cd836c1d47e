package spikemlp.benchmark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.checkpoint.DoubleTensor;
import spikemlp.checkpoint.LongTensor;
import spikemlp.checkpoint.Safetensors;
import spikemlp.checkpoint.StoredTensor;

final class GradientComparisonTest {

  @TempDir private Path directory;

  private Path file(String name, double gradient, long spikes) {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    tensors.put("loss", new DoubleTensor(new int[] {1}, new double[] {2}));
    tensors.put("grad/a", new DoubleTensor(new int[] {2}, new double[] {3, gradient}));
    tensors.put("spikes/lif", new LongTensor(new int[] {2}, new long[] {7, spikes}));
    Path path = directory.resolve(name);
    Safetensors.write(path, Map.of(), tensors);
    return path;
  }

  @Test
  void equalAnswersHaveNoError() {
    GradientComparison same = GradientComparison.of(file("a", 4, 5), file("b", 4, 5));
    assertThat(same.error()).isZero();
    assertThat(same.spikesDiffering()).isZero();
    assertThat(same.differingSpikes()).isEmpty();
  }

  @Test
  void theWorstTensorIsNamed() {
    GradientComparison other = GradientComparison.of(file("a", 4.5, 3), file("b", 4, 5));
    assertThat(other.error()).isEqualTo(0.1, within(1e-12));
    assertThat(other.worst()).isEqualTo("grad/a");
    assertThat(other.differingSpikes()).isEqualTo(Map.of("lif", 2L));
  }

  @Test
  void notANumberIsAnError() {
    GradientComparison broken = GradientComparison.of(file("a", Double.NaN, 5), file("b", 4, 5));
    assertThat(broken.error() <= Duel.TOLERANCE).isFalse();
  }

  @Test
  void missingTensorsAreRefused() {
    Path less = directory.resolve("less");
    Safetensors.write(
        less, Map.of(), Map.of("loss", new DoubleTensor(new int[] {1}, new double[] {2})));
    Path all = file("b", 4, 5);
    assertThatThrownBy(() -> GradientComparison.of(less, all))
        .isInstanceOf(WorkerException.class)
        .hasMessageContaining("grad/a");
  }
}
