package spikemlp.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import spikemlp.contract.card.WeightPrecision;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.kernel.Precision;
import spikemlp.network.Folding.Folded;
import spikemlp.network.Folding.Layer;
import spikemlp.network.Folding.Operand;

final class FoldingTest {

  private static final NetworkConfig CONFIG = NetworkConfig.of(8, 8, 2, 3, List.of(1), 4);
  private static final Folding INT8 = new Folding(CONFIG, Precision.SINGLE, WeightPrecision.INT8);
  private static final Folding SINGLE = new Folding(CONFIG, Precision.SINGLE, WeightPrecision.FP32);

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 1", "48, 1", "700, 1", "48, 1e30", "48, 1e-30", "48, 1e-44", "48, -3"})
  void sumsOverSpikesAreTheSameInAnyOrder(int inputs, float gamma) {
    Random random = new Random(inputs);
    Layer layer = layer(random, 5, inputs, gamma);
    Folded folded = SINGLE.fold(layer, Operand.SPIKES);
    for (int f = 0; f < 5; f++) {
      double[] row = row(folded, f, inputs);
      assertFloats(row);
      for (int trial = 0; trial < 20; trial++) {
        List<Double> active =
            Arrays.asList(
                Arrays.stream(row)
                    .filter(_ -> random.nextBoolean())
                    .boxed()
                    .toArray(Double[]::new));
        double exact = active.stream().mapToDouble(Double::doubleValue).sum();
        for (int order = 0; order < 10; order++) {
          Collections.shuffle(active, random);
          float sum = 0;
          for (double value : active) {
            sum += (float) value;
          }
          assertThat((double) sum).isEqualTo(exact);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"12, 1", "48, 1", "768, 1", "48, 1e25", "48, 1e-25"})
  void sumsOverTheImagesGridAreTheSameInAnyOrder(int inputs, float gamma) {
    Random random = new Random(inputs);
    Folded folded = SINGLE.fold(layer(random, 3, inputs, gamma), Operand.IMAGE);
    for (int f = 0; f < 3; f++) {
      double[] row = Arrays.copyOf(row(folded, f, inputs), inputs);
      assertFloats(row);
      double[] extreme = new double[inputs];
      double[] image = new double[inputs];
      for (int i = 0; i < inputs; i++) {
        extreme[i] = Math.signum(row[i]) * (64 - Math.scalb(1.0, -19)) * row[i];
        image[i] = Math.rint(random.nextGaussian() * (1 << 19)) / (1 << 19) * row[i];
      }
      for (double[] products : new double[][] {extreme, image}) {
        List<Double> terms = Arrays.asList(Arrays.stream(products).boxed().toArray(Double[]::new));
        double first = inOrder(terms);
        for (int order = 0; order < 20; order++) {
          Collections.shuffle(terms, random);
          assertThat(inOrder(terms)).isEqualTo(first);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 48, 700})
  void theGridIsTheFinestThatHolds24Bits(int inputs) {
    Layer layer = layer(new Random(5), 4, inputs, 1);
    Folded folded = SINGLE.fold(layer, Operand.SPIKES);
    for (int f = 0; f < 4; f++) {
      double[] row = row(folded, f, inputs);
      double step = step(row);
      double reach =
          Math.max(
              Arrays.stream(row).filter(w -> w > 0).sum(),
              -Arrays.stream(row).filter(w -> w < 0).sum());
      assertThat(reach / step).isLessThanOrEqualTo(1 << 24);
      double factor = 1 / Math.sqrt(layer.variance()[f] + CONFIG.bnEps()) / 2;
      for (int i = 0; i < inputs; i++) {
        double exact = layer.weight()[f * inputs + i] * factor;
        assertThat(row[i]).isCloseTo(exact, within(reach * Math.scalb(1.0, -23)));
      }
      double bias = layer.beta()[f] / 2 - layer.mean()[f] * factor;
      assertThat(row[inputs]).isCloseTo(bias, within(reach * Math.scalb(1.0, -23)));
    }
  }

  @Test
  void aRowOfZerosStaysZeroAndABiasAloneStaysItself() {
    float bias = Math.nextDown(2f);
    Layer layer =
        new Layer(
            "fc", "bn", new double[6], ones(2), new double[] {0, bias}, new double[2], ones(2));
    for (Operand operand : Operand.values()) {
      Folded folded = SINGLE.fold(layer, operand);
      assertThat(folded.weight()).containsOnly(0);
      assertThat(folded.bias()).containsExactly(0, Math.nextDown(1f));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 1", "48, 1", "2808, 1", "48, 1e30", "48, 1e-30", "48, 1e-44", "48, -3"})
  void eightBitWeightsGiveTheSumsOfSinglePrecisionWithoutRounding(int inputs, float gamma) {
    Random random = new Random(inputs);
    Folded folded = INT8.fold(layer(random, 5, inputs, gamma), Operand.CHANNELS);
    byte[] q = folded.quantised();
    for (int f = 0; f < 5; f++) {
      double[] row = row(folded, f, inputs);
      assertFloats(row);
      float step = (float) folded.step()[f];
      for (int trial = 0; trial < 20; trial++) {
        int whole = 0;
        double exact = 0;
        float single = 0;
        for (int i = 0; i < inputs; i++) {
          assertThat(q[f * inputs + i] * folded.step()[f]).isEqualTo(row[i]);
          if (random.nextBoolean()) {
            whole += q[f * inputs + i];
            exact += row[i];
            single += (float) row[i];
          }
        }
        assertThat(whole * step + (float) row[inputs])
            .isEqualTo(Math.fma(whole, step, (float) row[inputs]))
            .isEqualTo(single + (float) row[inputs]);
        assertThat((double) single).isEqualTo(exact);
      }
    }
  }

  @Test
  void eightBitWeightsUseTheirRangeAndAreOffByHalfAStep() {
    Layer layer = layer(new Random(8), 6, 96, 1);
    Folded folded = INT8.fold(layer, Operand.CHANNELS);
    byte[] q = folded.quantised();
    for (int f = 0; f < 6; f++) {
      double factor = 1 / Math.sqrt(layer.variance()[f] + CONFIG.bnEps()) / 2;
      int largest = 0;
      for (int i = f * 96; i < (f + 1) * 96; i++) {
        largest = Math.max(largest, Math.abs(q[i]));
        assertThat(folded.weight()[i])
            .isCloseTo(layer.weight()[i] * factor, within(folded.step()[f] * 0.5000001));
      }
      assertThat(largest).isEqualTo(127);
    }
  }

  @Test
  void weightsThatTheirBiasDwarfsAreRoundedToItsGrid() {
    Layer layer = layer(new Random(9), 1, 4, 1);
    layer.beta()[0] = 1e9;
    Folded folded = INT8.fold(layer, Operand.CHANNELS);
    assertThat(folded.weight()).containsOnly(0);
    assertThat(folded.bias()[0]).isCloseTo(5e8, within(folded.step()[0]));
    assertFloats(row(folded, 0, 4));
  }

  @Test
  void convolutionsAxesAndTheImageKeepTheirWeights() {
    assertThat(Operand.of("stages.1.mixers.0.fuse.fc")).isEqualTo(Operand.CHANNELS);
    assertThat(Operand.of("stages.1.mixers.0.channel_2.fc")).isEqualTo(Operand.CHANNELS);
    assertThat(Operand.of("stages.1.mixers.0.token_h.fc")).isEqualTo(Operand.SPIKES);
    assertThat(Operand.of("head.token_fc.fc")).isEqualTo(Operand.SPIKES);
    assertThat(Operand.of("stages.1.patch.conv")).isEqualTo(Operand.SPIKES);
    assertThat(Operand.of("stages.0.patch.conv")).isEqualTo(Operand.IMAGE);
    Layer layer = layer(new Random(10), 3, 48, 1);
    for (Operand operand : List.of(Operand.SPIKES, Operand.IMAGE)) {
      Folded folded = INT8.fold(layer, operand);
      assertThat(folded.step()).isEmpty();
      assertThat(folded.weight()).isEqualTo(SINGLE.fold(layer, operand).weight());
    }
  }

  @Test
  void doublePrecisionHasNoGrid() {
    Layer layer = layer(new Random(6), 2, 48, 1);
    Folded folded =
        new Folding(CONFIG, Precision.DOUBLE, WeightPrecision.FP32).fold(layer, Operand.SPIKES);
    double factor = 1 / Math.sqrt(layer.variance()[1] + CONFIG.bnEps());
    assertThat(folded.weight()[50]).isEqualTo(layer.weight()[50] * factor * 0.5);
  }

  @Test
  void whatIsNoNumberOnceFoldedIsNamed() {
    Random random = new Random(7);
    Layer huge = layer(random, 2, 3, 3e38f);
    Arrays.fill(huge.weight(), 3e38f);
    assertThatThrownBy(() -> SINGLE.fold(huge, Operand.SPIKES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("'fc.weight'", "'bn'", "holds Infinity", "output feature 0");
    Layer wide = layer(random, 1, 4, 1);
    Arrays.fill(wide.weight(), 1e38f);
    wide.variance()[0] = 0.25;
    assertThatThrownBy(() -> SINGLE.fold(wide, Operand.SPIKES))
        .hasMessageContaining("adds up to Infinity");
    Layer negative = layer(random, 2, 3, 1);
    negative.variance()[1] = -0.5;
    assertThatThrownBy(() -> SINGLE.fold(negative, Operand.IMAGE))
        .hasMessageContaining("'bn.running_var' is negative at 1: -0.5");
  }

  private static double inOrder(List<Double> terms) {
    double sum = 0;
    for (double term : terms) {
      sum += term;
    }
    return sum;
  }

  private static void assertFloats(double[] row) {
    for (double value : row) {
      assertThat((double) (float) value).isEqualTo(value);
    }
  }

  /** The largest power of two of which all are multiples. */
  private static double step(double[] row) {
    return Arrays.stream(row)
        .filter(value -> value != 0)
        .map(value -> {
          long bits = Double.doubleToLongBits(value);
          long significand = (bits & ((1L << 52) - 1)) | (1L << 52);
          return Math.scalb(
              1.0, Math.getExponent(value) - 52 + Long.numberOfTrailingZeros(significand));
        })
        .min()
        .orElseThrow();
  }

  private static double[] row(Folded folded, int f, int inputs) {
    double[] weights = Arrays.copyOfRange(folded.weight(), f * inputs, (f + 1) * inputs);
    return DoubleStream.concat(Arrays.stream(weights), DoubleStream.of(folded.bias()[f])).toArray();
  }

  private static Layer layer(Random random, int features, int inputs, float gamma) {
    return new Layer(
        "fc",
        "bn",
        floats(random, features * inputs),
        IntStream.range(0, features).mapToDouble(_ -> gamma).toArray(),
        floats(random, features),
        floats(random, features),
        Arrays.stream(floats(random, features)).map(x -> 0.3 + x * x).toArray());
  }

  private static double[] floats(Random random, int size) {
    return IntStream.range(0, size).mapToDouble(_ -> (float) random.nextGaussian()).toArray();
  }

  private static double[] ones(int size) {
    double[] ones = new double[size];
    Arrays.fill(ones, 1 - CONFIG.bnEps());
    return ones;
  }
}
