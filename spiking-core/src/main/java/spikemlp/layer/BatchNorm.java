package spikemlp.layer;

import java.util.List;
import spikemlp.kernel.Charge;
import spikemlp.kernel.Current;
import spikemlp.kernel.Tensor;

/**
 * Batch normalisation of a layer's output features over all of T, B and the remaining axes.
 *
 * <pre>
 * z = γ·x̂ + β,  x̂ = (y − μ)·r,  r = 1/√(σ² + ε)
 * training: μ, σ² of the batch; running ← (1 − m)·running + m·batch, σ² unbiased there
 * inference: the parameters are folded, x̂ = y, γ = 1
 * δβ = Σ δz    δγ = Σ δz·x̂    δy = γ·r·(δz − δβ/n − x̂·δγ/n)
 * </pre>
 *
 * z is never stored: it is scale·y + shift, by position, where it is used ({@link #charge}).
 * Position p within {@code [F, inner]} belongs to feature p / inner; the numbers by position repeat
 * with a period that is a multiple of F·inner, long enough for vectors.
 *
 * <p>Statistics: each slice takes its mean by position, then the squares about that mean; {@link
 * #finish()} joins them in double precision, in the slices' order.
 */
public final class BatchNorm {

  private static final int LONG_PERIOD = 512;

  private final Execution execution;
  private final Parameters parameters;
  private final NormWeight weight;
  private final int inner;
  private final int steps;
  private final int neurons;
  private final int repeats;
  private final double eps;
  private final double momentum;
  private final int period;
  private final Tensor scale;
  private final Tensor shift;
  private final Tensor mean;
  private final Tensor rstd;
  private final Tensor meanGradient;
  private final Tensor slope;
  private final Tensor sums;
  private final Tensor means;
  private final Tensor squares;
  private long preparedVersion = -1;

  /**
   * @param weight γ, β and the running statistics {@code [F]}
   * @param inner numbers after F in a step's shape
   * @param steps steps of the input: T, or 1 for the layer that is computed once
   * @param neurons M, numbers a step and sample, a multiple of F·inner
   * @param repeats how often the input stands for T steps: T for the layer that is computed once
   */
  public BatchNorm(
      Execution execution,
      Parameters parameters,
      NormWeight weight,
      int inner,
      int steps,
      int neurons,
      int repeats,
      double eps,
      double momentum) {
    this.execution = execution;
    this.parameters = parameters;
    this.weight = weight;
    this.inner = inner;
    this.steps = steps;
    this.neurons = neurons;
    this.repeats = repeats;
    this.eps = eps;
    this.momentum = momentum;
    this.period = period(weight.features() * inner, neurons);
    this.scale = execution.buffer(period);
    this.shift = execution.buffer(period);
    int learnt = execution.training() ? period : 0;
    this.mean = execution.buffer(learnt);
    this.rstd = execution.buffer(learnt);
    this.meanGradient = execution.buffer(learnt);
    this.slope = execution.buffer(learnt);
    this.sums = execution.perSlice(learnt);
    this.means = execution.perSlice(learnt);
    this.squares = execution.perSlice(learnt);
  }

  /** The longest multiple of {@code base} up to {@link #LONG_PERIOD} that divides {@code whole}. */
  static int period(int base, int whole) {
    int best = base;
    for (int period = base; period <= Math.min(LONG_PERIOD, whole); period += base) {
      if (whole % period == 0) {
        best = period;
      }
    }
    return best;
  }

  /** How the normalised state arises from {@code y}, with skips that join it. */
  public Charge charge(Tensor y, List<Current> skips) {
    return new Charge(steps, neurons, new Current(y, true), scale, shift, period, skips);
  }

  private long offset(int slice) {
    return (long) execution.firstSample(slice) * steps * neurons;
  }

  private long rows(int slice) {
    return (long) execution.samples(slice) * steps * neurons / period;
  }

  private int feature(int position) {
    return position / inner % weight.features();
  }

  /** This slice's part of the batch statistics of {@code y}; nothing to do in inference. */
  public void measure(int slice, Tensor y) {
    if (!execution.training()) {
      return;
    }
    long at = (long) slice * period;
    sums.clear(at, period);
    execution.kernels().sum(y, offset(slice), rows(slice), period, sums, at);
    for (int p = 0; p < period; p++) {
      means.set(at + p, sums.get(at + p) / rows(slice));
    }
    squares.clear(at, period);
    execution.kernels().squares(y, offset(slice), rows(slice), period, means, squares, at);
  }

  /** Joins the slices' statistics and sets scale and shift; in inference they are given. */
  public void finish() {
    if (!execution.training()) {
      prepareInference();
      return;
    }
    double[] total = new double[weight.features()];
    double[] spread = new double[weight.features()];
    double n = joinSums(total);
    for (int slice = 0; slice < execution.slices(); slice++) {
      for (int p = 0; p < period; p++) {
        long at = (long) slice * period + p;
        int f = feature(p);
        double rows = rows(slice);
        double distance = means.get(at) - total[f] / n;
        double rest = sums.get(at) - rows * means.get(at);
        spread[f] += squares.get(at) + 2 * distance * rest + rows * distance * distance;
      }
    }
    double repeated = n * repeats;
    double unbiased = repeated / Math.max(1, repeated - 1);
    for (int f = 0; f < total.length; f++) {
      total[f] /= n;
      spread[f] /= n;
      keep(weight.mean() + f, total[f]);
      keep(weight.variance() + f, spread[f] * unbiased);
    }
    parameters.changed();
    setPositions(total, spread);
  }

  /** Numbers a feature; adds the slices' sums to {@code total}. */
  private double joinSums(double[] total) {
    for (int slice = 0; slice < execution.slices(); slice++) {
      for (int p = 0; p < period; p++) {
        total[feature(p)] += sums.get((long) slice * period + p);
      }
    }
    return (double) execution.batch() * steps * neurons / weight.features();
  }

  private void keep(long statistic, double batchValue) {
    Tensor statistics = parameters.statistics();
    statistics.set(statistic, (1 - momentum) * statistics.get(statistic) + momentum * batchValue);
  }

  private void prepareInference() {
    if (preparedVersion == parameters.version()) {
      return;
    }
    for (int p = 0; p < period; p++) {
      scale.set(p, 1);
      shift.set(p, parameters.values().get(weight.beta() + feature(p)));
    }
    preparedVersion = parameters.version();
  }

  private void setPositions(double[] mu, double[] variance) {
    for (int p = 0; p < period; p++) {
      int f = feature(p);
      double r = 1 / Math.sqrt(variance[f] + eps);
      double factor = parameters.values().get(weight.gamma() + f) * r;
      scale.set(p, factor);
      shift.set(p, parameters.values().get(weight.beta() + f) - mu[f] * factor);
      mean.set(p, mu[f]);
      rstd.set(p, r);
    }
  }

  /** This slice's part of Σ δz and Σ δz·x̂. */
  public void measureGradient(int slice, Tensor dz, Tensor y) {
    long at = (long) slice * period;
    sums.clear(at, period);
    squares.clear(at, period);
    execution
        .kernels()
        .gradientSums(dz, y, offset(slice), rows(slice), period, mean, rstd, sums, squares, at);
  }

  /** Joins the slices' sums into δγ and δβ. */
  public void finishGradient() {
    double[] dBeta = new double[weight.features()];
    double[] dGamma = new double[weight.features()];
    double n = joinSums(dBeta);
    for (int slice = 0; slice < execution.slices(); slice++) {
      for (int p = 0; p < period; p++) {
        dGamma[feature(p)] += squares.get((long) slice * period + p);
      }
    }
    for (int f = 0; f < dBeta.length; f++) {
      parameters.gradients().set(weight.beta() + f, dBeta[f]);
      parameters.gradients().set(weight.gamma() + f, dGamma[f]);
    }
    for (int p = 0; p < period; p++) {
      int f = feature(p);
      meanGradient.set(p, dBeta[f] / n);
      slope.set(p, rstd.get(p) * dGamma[f] / n);
    }
  }

  /** Turns δz into δy in place. */
  public void backward(int slice, Tensor gradient, Tensor y) {
    execution
        .kernels()
        .normaliseBackward(
            gradient, y, offset(slice), rows(slice), period, scale, meanGradient, mean, slope);
  }
}
