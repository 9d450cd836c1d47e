package spikemlp.kernel;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import spikemlp.neuron.LifNeuron;

/**
 * The loops over tensors that are no matrix product of BLAS. Rows are runs of {@code period}
 * numbers; a sum over rows adds them in their order.
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

  /** z = scale·y + shift + skips, for one sample, written to {@code state}. */
  void combine(Charge charge, Tensor state, long sample);

  /** Charge, fire, reset over T for one sample; see {@link LifNeuron}. */
  void fire(Charge charge, Firing firing, long sample);

  /**
   * The same in inference, of folded weights in units of the threshold: h = leak·v + z, two
   * roundings, fires at 1. See {@link LifNeuron}.
   */
  void fireFolded(Charge charge, Firing firing, long sample);

  /** Backward through T for one sample: {@code gradient} {@code [B, T, M]} turns from δs to δz. */
  void fireBackward(
      LifNeuron neuron,
      Tensor potentials,
      Tensor gradient,
      int timeSteps,
      int neurons,
      long sample);

  /** sums[p] += Σ over rows of x[row, p]. */
  void sum(Tensor x, long offset, long rows, int period, Tensor sums, long sumsOffset);

  /** sums[p] += Σ over rows of (x[row, p] − mean[p])². */
  void squares(
      Tensor x, long offset, long rows, int period, Tensor mean, Tensor sums, long sumsOffset);

  /** sums[p] += Σ g[row, p]; products[p] += Σ g[row, p]·(y[row, p] − mean[p])·rstd[p]. */
  void gradientSums(
      Tensor g,
      Tensor y,
      long offset,
      long rows,
      int period,
      Tensor mean,
      Tensor rstd,
      Tensor sums,
      Tensor products,
      long sumsOffset);

  /** g = scale·((g − meanG) − (y − mean)·slope), by position; all four are {@code [period]}. */
  void normaliseBackward(
      Tensor g,
      Tensor y,
      long offset,
      long rows,
      int period,
      Tensor scale,
      Tensor meanG,
      Tensor mean,
      Tensor slope);

  /** y += x, {@code count} numbers. */
  void add(Tensor x, long xOffset, Tensor y, long yOffset, long count);

  /**
   * A product along an axis: y[b, o, j] = Σ_i W[o, i]·x[b, i, j], W {@code [F, F]}; with {@code
   * transposed} W[i, o] takes its place, and with {@code add} it is added to y.
   */
  void axis(Tensor x, Tensor w, long wOffset, Tensor y, Grid grid, boolean transposed, boolean add);

  /** δW[o, i] = Σ over blocks and j of δy[b, o, j]·x[b, i, j]. */
  void axisWeightGradient(Tensor x, Tensor dy, Grid grid, Tensor dw, long dwOffset);

  /** SGD as PyTorch's: m = momentum·m + (g + weightDecay·w), w −= learningRate·m. */
  void descend(
      Tensor w,
      Tensor g,
      Tensor m,
      long count,
      double learningRate,
      double momentum,
      double weightDecay);

  /** How many of {@code count} numbers are 1; all are 0 or 1. */
  long count(Tensor spikes, long offset, long count);

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
