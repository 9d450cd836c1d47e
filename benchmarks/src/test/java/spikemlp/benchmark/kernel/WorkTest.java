package spikemlp.benchmark.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;
import spikemlp.kernel.Kernels;
import spikemlp.kernel.Spikes;

final class WorkTest {

  private static Work named(String name) {
    return Work.all().stream().filter(work -> work.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void everyBenchmarkOfAKernelIsInTheTable() {
    String[] methods =
        Arrays.stream(new Class<?>[] {NeuronKernels.class, ProductKernels.class, AxisKernels.class})
            .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
            .filter(method -> method.isAnnotationPresent(Benchmark.class))
            .map(method -> method.getDeclaringClass().getName() + "." + method.getName())
            .toArray(String[]::new);
    assertThat(Work.all().stream().map(Work::benchmark).distinct())
        .containsExactlyInAnyOrder(methods);
    assertThat(Work.all().stream().map(Work::name)).doesNotHaveDuplicates();
  }

  @Test
  void aProductsWorkIsThatOfTheDenseOne() {
    Work forward = named("forward 96->288");
    assertThat(forward.units()).isEqualTo(1024L * 96 * 288);
    assertThat(forward.flops()).isEqualTo(2.0 * 1024 * 96 * 288);
    // A bit an input; an output is fetched and written.
    assertThat(forward.bytes()).isEqualTo(1024.0 * (96 / 8 + 8 * 288));
    assertThat(named("axis W input gradient").units()).isEqualTo(1024L * 96 * 16);
    assertThat(named("fire").bytes()).isEqualTo(1024 * 96 * 4.125);
  }

  @Test
  void spikesFireAtTheRateInBothImplementations() {
    for (Implementation implementation : Implementation.values()) {
      Kernels kernels = implementation.kernels();
      Spikes spikes = FirstStage.spikes(kernels, 2, FirstStage.CHANNELS);
      double numbers = 2.0 * FirstStage.ROWS * FirstStage.CHANNELS;
      assertThat(spikes.count(0, spikes.rows()) / numbers).isBetween(0.135, 0.145);
    }
  }

  @Test
  void batchesComeInTurn() {
    int first = 0;
    for (int expected : new int[] {32, 64, 0}) {
      first = Implementation.VECTORISED.after(first);
      assertThat(first).isEqualTo(expected);
    }
    assertThat(Implementation.NAIVE.after(0)).isZero();
  }
}
