package spikemlp.layer;

import java.util.Optional;
import spikemlp.kernel.Affine;
import spikemlp.kernel.ByFeature;
import spikemlp.kernel.Current;
import spikemlp.kernel.Kernels.GradientSums;
import spikemlp.kernel.Moments;
import spikemlp.kernel.NormGradient;
import spikemlp.kernel.OutputGradient;
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
 * z is never stored: it is scale·y + shift, by feature, where it is used ({@link #current}).
 *
 * <p>Statistics: Σy and Σy² of each sample, the squares summed about a mean nearby and moved in
 * double precision; {@link #finish()} joins the samples in their order.
 */
public final class BatchNorm {

  /**
   * The layer that is normalised: {@code [B, steps, tokens, width]}.
   *
   * @param steps T, or 1 for the layer that is computed once
   * @param repeats how often a step stands for T: T for the layer that is computed once
   */
  record Layout(int steps, int tokens, int width, int repeats) {}

  private final Execution execution;
  private final Parameters parameters;
  private final NormWeight weight;
  private final Layout layout;
  private final double eps;
  private final double momentum;
  private final Affine affine;
  private final NormGradient gradient;
  private final Moments moments;
  private final Optional<Moments> measured;
  private final Optional<GradientSums> gradientSums;
  private final double[] rstd;
  private final double[] means;
  private final double[] squares;
  private long preparedVersion = -1;

  /**
   * @param weight γ, β and the running statistics {@code [F]}
   * @param inner numbers of a step's shape after F: 1 where features are channels
   */
  BatchNorm(
      Execution execution,
      Parameters parameters,
      NormWeight weight,
      int inner,
      Layout layout,
      double eps,
      double momentum) {
    this.execution = execution;
    this.parameters = parameters;
    this.weight = weight;
    this.layout = layout;
    this.eps = eps;
    this.momentum = momentum;
    this.affine = new Affine(byFeature(inner), byFeature(inner));
    this.gradient =
        new NormGradient(affine.scale(), byFeature(inner), byFeature(inner), byFeature(inner));
    this.moments = new Moments(execution.training() ? execution.batch() : 0, weight.features());
    this.measured = execution.training() ? Optional.of(moments) : Optional.empty();
    this.gradientSums = Optional.of(new GradientSums(gradient.mean(), moments));
    this.rstd = new double[weight.features()];
    this.means = new double[weight.features()];
    this.squares = new double[weight.features()];
  }

  private ByFeature byFeature(int inner) {
    return new ByFeature(execution.precision(), weight.features(), inner);
  }

  /** y, normalised on its way. */
  public Current current(Tensor y) {
    return Current.normalised(y, affine);
  }

  /** Where a product is to sum a sample's y up; nowhere in inference. */
  Optional<Moments> moments(int sample) {
    if (measured.isPresent()) {
      moments.clear(sample);
    }
    return measured;
  }

  /** Sums a sample's {@code y} up; nothing to do in inference. */
  public void measure(int sample, Tensor y) {
    if (!execution.training()) {
      return;
    }
    moments.clear(sample);
    execution
        .kernels()
        .measure(
            y, layout.steps(), layout.tokens(), layout.width(), gradient.mean(), moments, sample);
  }

  /** Joins the samples' statistics and sets scale and shift; in inference they are given. */
  public void finish() {
    if (!execution.training()) {
      prepareInference();
      return;
    }
    join();
    double n = numbers();
    double repeated = n * layout.repeats();
    double unbiased = repeated / Math.max(1, repeated - 1);
    for (int f = 0; f < means.length; f++) {
      double mu = means[f] / n;
      double variance = Math.max(0, squares[f] / n - mu * mu);
      keep(weight.mean() + f, mu);
      keep(weight.variance() + f, variance * unbiased);
      double r = 1 / Math.sqrt(variance + eps);
      double factor = parameters.values().get(weight.gamma() + f) * r;
      affine.scale().set(f, factor);
      affine.shift().set(f, parameters.values().get(weight.beta() + f) - mu * factor);
      gradient.mean().set(f, mu);
      rstd[f] = r;
    }
    parameters.changed();
  }

  /** Adds the samples' sums up in their order. */
  private void join() {
    for (int f = 0; f < means.length; f++) {
      double first = 0;
      double second = 0;
      for (int b = 0; b < execution.batch(); b++) {
        first += moments.first(b, f);
        second += moments.second(b, f);
      }
      means[f] = first;
      squares[f] = second;
    }
  }

  /** Numbers a feature. */
  private double numbers() {
    return (double) execution.batch()
        * layout.steps()
        * layout.tokens()
        * layout.width()
        / weight.features();
  }

  private void keep(long statistic, double batchValue) {
    Tensor statistics = parameters.statistics();
    statistics.set(statistic, (1 - momentum) * statistics.get(statistic) + momentum * batchValue);
  }

  private void prepareInference() {
    if (preparedVersion == parameters.version()) {
      return;
    }
    affine.scale().fill(1);
    for (int f = 0; f < weight.features(); f++) {
      affine.shift().set(f, parameters.values().get(weight.beta() + f));
    }
    preparedVersion = parameters.version();
  }

  /** Where backward sums a sample's δz up. */
  Optional<GradientSums> gradientSums(int sample) {
    moments.clear(sample);
    return gradientSums;
  }

  /** Sums a sample's δz up. */
  public void measureGradient(int sample, Tensor dz, Tensor y) {
    moments.clear(sample);
    execution
        .kernels()
        .measureGradient(
            dz,
            y,
            layout.steps(),
            layout.tokens(),
            layout.width(),
            gradientSums.orElseThrow(),
            sample);
  }

  /** Joins the sums into δγ and δβ. */
  public void finishGradient() {
    join();
    double n = numbers();
    for (int f = 0; f < means.length; f++) {
      double r = rstd[f];
      double dGamma = squares[f] * r;
      parameters.gradients().set(weight.beta() + f, means[f]);
      parameters.gradients().set(weight.gamma() + f, dGamma);
      gradient.meanG().set(f, means[f] / n);
      gradient.slope().set(f, r * dGamma / n);
    }
  }

  /** δy of some rows, tokens of all samples' steps, for the thread that asks, until its next. */
  OutputGradient outputGradient(Tensor dz, Tensor y, long firstRow, int rows) {
    return execution.kernels().outputGradient(dz, y, firstRow, rows, layout.width(), gradient);
  }

  /** Turns a sample's δz into δy in place. */
  public void backward(int sample, Tensor dz, Tensor y) {
    int rows = layout.steps() * layout.tokens();
    execution
        .kernels()
        .normaliseBackward(dz, y, (long) sample * rows, rows, layout.width(), gradient);
  }
}
