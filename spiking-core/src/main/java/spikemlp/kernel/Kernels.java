package spikemlp.kernel;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import spikemlp.neuron.LifNeuron;

/**
 * The loops over tensors that are no matrix product of BLAS. Tensors are {@code [B, T, N, C]}, or
 * without T for the layer that is computed once.
 *
 * <p>Stateless and thread-safe; threads must write to disjoint memory.
 */
public interface Kernels {

  /** The production kernels for single precision, the naive ones for double. */
  static Kernels of(Precision precision) {
    return switch (precision) {
      case SINGLE -> Choice.SINGLE;
      case DOUBLE -> NaiveKernels.of(Precision.DOUBLE);
    };
  }

  Precision precision();

  /** Memory for spikes as these kernels keep them. */
  Spikes spikes(long rows, int slots, int width);

  /** A product of spikes with {@code outputs} rows of weights, its gradient summed by slice. */
  SpikeProduct product(Tensor weights, List<SpikeProduct.Part> parts, int outputs, int slices);

  /** The gradient of the inputs of W {@code [outputs, inputs]}, from {@code offset} on. */
  InputGradient inputGradient(Tensor weights, long offset, int outputs, int inputs);

  /** The state z of one sample, written to {@code state}. */
  void combine(Charge charge, Tensor state, long sample);

  /** Charge, fire, reset over T for one sample; see {@link LifNeuron}. */
  void fire(Charge charge, LifNeuron neuron, Spikes spikes, long sample);

  /**
   * The same in inference, of folded weights in units of the threshold: h = leak·v + z, two
   * roundings, fires at 1. See {@link LifNeuron}.
   */
  void fireFolded(Charge charge, LifNeuron neuron, Spikes spikes, long sample);

  /**
   * What backward needs besides the charge, to sum by feature: Σ δz and Σ δz·(y − mean).
   *
   * @param mean of y
   * @param moments where the sums go
   */
  record GradientSums(ByFeature mean, Moments moments) {}

  /**
   * Backward through T for one sample: {@code gradient} {@code [B, T, M]} turns from δs to δz. The
   * potentials are computed again from the charge. Where the input is normalised, its sums are made
   * on the way.
   */
  void fireBackward(
      Charge charge, LifNeuron neuron, Tensor gradient, long sample, Optional<GradientSums> sums);

  /** Σ y and Σ y² by feature, of one sample of {@code steps} steps. */
  void measure(
      Tensor y, int steps, int tokens, int width, ByFeature by, Moments moments, int sample);

  /** Σ g and Σ g·(y − mean) by feature, of one sample. */
  void measureGradient(
      Tensor g, Tensor y, int steps, int tokens, int width, GradientSums sums, int sample);

  /**
   * Turns g into the gradient of what was normalised, in place.
   *
   * @param firstRow of all samples' and steps' rows of {@code width} numbers
   */
  void normaliseBackward(Tensor g, Tensor y, long firstRow, int rows, int width, NormGradient norm);

  /**
   * δY of some rows, features the channels. Both tensors stay as they are; what the thread was
   * given before is gone.
   *
   * @param firstRow of all samples' and steps' rows of {@code width} numbers
   */
  OutputGradient outputGradient(
      Tensor g, Tensor y, long firstRow, int rows, int width, NormGradient norm);

  /** y += x, {@code count} numbers. */
  void add(Tensor x, long xOffset, Tensor y, long yOffset, long count);

  /** means[c] = Σ over tokens of spikes / N, of one step. */
  void meanOverTokens(Spikes spikes, long firstRow, int tokens, Tensor means, long offset);

  /**
   * A product of spikes along an axis: y[b, o, j] = Σ_i W[o, i]·x[b, i, j], W {@code [F, F]}; a row
   * of {@code x} is a run of j.
   */
  void axis(Spikes x, Tensor w, long wOffset, Tensor y, Grid grid);

  /** δx[b, i, j] += Σ_o W[o, i]·δy[b, o, j]. */
  void axisInputGradient(Tensor dy, Tensor w, long wOffset, Tensor dx, Grid grid);

  /** δW[o, i] += Σ over blocks and j of δy[b, o, j]·x[b, i, j]. */
  void axisWeightGradient(Spikes x, Tensor dy, Grid grid, Tensor dw, long dwOffset);

  /**
   * SGD as PyTorch's, of {@code count} numbers from {@code from} on: m = momentum·m + (g +
   * weightDecay·w), w −= learningRate·m.
   */
  void descend(
      Tensor w,
      Tensor g,
      Tensor m,
      long from,
      long count,
      double learningRate,
      double momentum,
      double weightDecay);

  /** AdamW, of {@code count} numbers from {@code from} on: {@link AdamWStep}'s equations. */
  void descendAdamW(Tensor w, Tensor g, Tensor m, Tensor v, long from, long count, AdamWStep step);

  /** average += (1 − decay)·(w − average), the first {@code count} numbers. */
  void average(Tensor average, Tensor w, long count, double decay);

  /**
   * Σ g² of the first {@code count} numbers in double precision: number i goes to partial sum i mod
   * 8, and these are added in their order.
   */
  double squaredNorm(Tensor g, long count);

  /** g *= factor, the first {@code count} numbers. */
  void scale(Tensor g, long count, double factor);

  /** Chooses once, and says so. */
  final class Choice {
    private static final Logger LOG = System.getLogger(Kernels.class.getName());
    private static final Kernels SINGLE = choose();

    private Choice() {}

    private static Kernels choose() {
      if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
        Kernels vectorised = new VectorisedKernels();
        LOG.log(Level.INFO, "kernels: vectorised, {0}", vectorised);
        return vectorised;
      }
      LOG.log(
          Level.WARNING,
          "kernels: naive and slow; start Java with --add-modules jdk.incubator.vector");
      return NaiveKernels.of(Precision.SINGLE);
    }
  }
}
