package spikemlp.kernel;

import java.util.List;
import java.util.Optional;
import spikemlp.neuron.LifNeuron;
import spikemlp.neuron.SurrogateGradient;

/**
 * The kernels as the equations stand, one number at a time, every operation rounded to the
 * precision. What {@link VectorisedKernels} must equal; and, in double precision, what gradients
 * are checked with.
 */
final class NaiveKernels implements Kernels {

  private final Precision p;
  private final boolean smooth;
  private final NaiveDescent descent;

  private NaiveKernels(Precision precision, boolean smooth) {
    this.p = precision;
    this.smooth = smooth;
    this.descent = new NaiveDescent(precision);
  }

  static NaiveKernels of(Precision precision) {
    return new NaiveKernels(precision, false);
  }

  /** Kernels whose neurons fire the surrogate's primitive instead of the step. */
  static NaiveKernels smooth(Precision precision) {
    return new NaiveKernels(precision, true);
  }

  @Override
  public Precision precision() {
    return p;
  }

  @Override
  public Spikes spikes(long rows, int slots, int width) {
    return new RealSpikes(rows, slots, width);
  }

  @Override
  public SpikeProduct product(
      Tensor weights, List<SpikeProduct.Part> parts, int outputs, int slices) {
    return new NaiveProduct(p, weights, parts, outputs, slices);
  }

  @Override
  public InputGradient inputGradient(Tensor weights, long offset, int outputs, int inputs) {
    return new NaiveInputGradient(p, weights, offset, outputs, inputs);
  }

  /** z = input + skips. */
  private double state(Charge charge, long sample, int t, int j) {
    double z = value(charge.input(), charge, sample, t, j);
    for (Current skip : charge.skips()) {
      z = p.round(z + value(skip, charge, sample, t, j));
    }
    return z;
  }

  private double value(Current current, Charge charge, long sample, int t, int j) {
    double y =
        current.values().get(current.offset(sample, t, charge.timeSteps(), charge.neurons()) + j);
    if (current.affine().isEmpty()) {
      return y;
    }
    Affine affine = current.affine().get();
    int feature = feature(affine.scale(), j, charge.width());
    return p.fma(y, affine.scale().get(feature), affine.shift().get(feature));
  }

  private static int feature(ByFeature by, long j, int width) {
    return by.channels() ? (int) (j % width) : by.ofToken(j / width, width);
  }

  @Override
  public void combine(Charge charge, Tensor state, long sample) {
    for (int t = 0; t < charge.timeSteps(); t++) {
      for (int j = 0; j < charge.neurons(); j++) {
        state.set(charge.at(sample, t) + j, state(charge, sample, t, j));
      }
    }
  }

  @Override
  public void fire(Charge charge, LifNeuron neuron, Spikes spikes, long sample) {
    for (int j = 0; j < charge.neurons(); j++) {
      double v = 0;
      for (int t = 0; t < charge.timeSteps(); t++) {
        double h = potential(neuron, v, state(charge, sample, t, j));
        double s = spike(neuron, h);
        v = p.round(h * p.round(1 - s));
        set(spikes, charge, sample, t, j, s);
      }
    }
  }

  private double potential(LifNeuron neuron, double v, double z) {
    return p.round(v + p.round(p.round(z - v) / p.round(neuron.tau())));
  }

  private static void set(Spikes spikes, Charge charge, long sample, int t, int j, double s) {
    long row = (sample * charge.timeSteps() + t) * charge.tokens() + j / charge.width();
    ((RealSpikes) spikes).set(row, j % charge.width(), s);
  }

  @Override
  public void fireFolded(Charge charge, LifNeuron neuron, Spikes spikes, long sample) {
    double leak = p.round(neuron.leak());
    for (int j = 0; j < charge.neurons(); j++) {
      double v = 0;
      for (int t = 0; t < charge.timeSteps(); t++) {
        double h = p.round(p.round(leak * v) + state(charge, sample, t, j));
        v = h >= 1 ? 0 : h;
        set(spikes, charge, sample, t, j, h >= 1 ? 1 : 0);
      }
    }
  }

  private double spike(LifNeuron neuron, double h) {
    double threshold = p.round(neuron.threshold());
    if (smooth) {
      return SurrogateGradient.primitive(neuron.surrogate(), h - threshold);
    }
    return h >= threshold ? 1 : 0;
  }

  @Override
  public void fireBackward(
      Charge charge, LifNeuron neuron, Tensor gradient, long sample, Optional<GradientSums> sums) {
    double decay = p.round(1 - 1 / neuron.tau());
    double[] potentials = new double[charge.timeSteps()];
    for (int j = 0; j < charge.neurons(); j++) {
      double v = 0;
      for (int t = 0; t < charge.timeSteps(); t++) {
        potentials[t] = potential(neuron, v, state(charge, sample, t, j));
        v = p.round(potentials[t] * p.round(1 - spike(neuron, potentials[t])));
      }
      double dv = 0;
      for (int t = charge.timeSteps() - 1; t >= 0; t--) {
        long i = charge.at(sample, t) + j;
        double h = potentials[t];
        double g =
            p.round(
                SurrogateGradient.derivative(
                    neuron.surrogate(), p.round(h - p.round(neuron.threshold()))));
        double dh =
            p.round(p.round(gradient.get(i) * g) + p.round(dv * p.round(1 - spike(neuron, h))));
        if (!neuron.detachReset()) {
          dh = p.round(dh - p.round(p.round(dv * h) * g));
        }
        gradient.set(i, p.round(dh / p.round(neuron.tau())));
        dv = p.round(dh * decay);
      }
    }
    sums.ifPresent(to ->
        measureGradient(
            gradient,
            charge.input().values(),
            charge.timeSteps(),
            charge.tokens(),
            charge.width(),
            to,
            (int) sample));
  }

  @Override
  public void measure(
      Tensor y, int steps, int tokens, int width, ByFeature by, Moments moments, int sample) {
    for (int f = 0; f < by.features(); f++) {
      double sum = total(y, steps, tokens, width, by, sample, f, 0, false);
      double n = (double) steps * tokens * width / by.features();
      double squares = total(y, steps, tokens, width, by, sample, f, p.round(sum / n), true);
      moments.add(sample, f, sum, squares + sum * sum / n);
    }
  }

  /** Σ over a feature's columns of their sums over its rows, of y or of (y − centre)². */
  private double total(
      Tensor y,
      int steps,
      int tokens,
      int width,
      ByFeature by,
      int sample,
      int feature,
      double centre,
      boolean squared) {
    double total = 0;
    for (int c = 0; c < width; c++) {
      double sum = 0;
      for (int row = 0; row < steps * tokens; row++) {
        if (feature(by, row % tokens * width + c, width) == feature) {
          double value = y.get(((long) sample * steps * tokens + row) * width + c);
          double d = p.round(value - centre);
          sum = squared ? p.fma(d, d, sum) : p.round(sum + value);
        }
      }
      total += sum;
    }
    return total;
  }

  @Override
  public void measureGradient(
      Tensor g, Tensor y, int steps, int tokens, int width, GradientSums sums, int sample) {
    for (int t = 0; t < steps; t++) {
      for (int j = 0; j < tokens * width; j++) {
        long i = ((long) sample * steps + t) * tokens * width + j;
        int f = feature(sums.mean(), j, width);
        sums.moments().add(sample, f, g.get(i), g.get(i) * (y.get(i) - sums.mean().get(f)));
      }
    }
  }

  @Override
  public void normaliseBackward(
      Tensor g, Tensor y, long firstRow, int rows, int width, NormGradient norm) {
    for (long i = firstRow * width; i < (firstRow + rows) * width; i++) {
      g.set(i, normalised(g.get(i), y.get(i), feature(norm.mean(), i, width), norm));
    }
  }

  private double normalised(double g, double y, int f, NormGradient norm) {
    double distance = p.round(y - norm.mean().get(f));
    double centred = p.round(g - norm.meanG().get(f));
    double sloped = p.round(distance * norm.slope().get(f));
    return p.round(norm.scale().get(f) * p.round(centred - sloped));
  }

  @Override
  public OutputGradient outputGradient(
      Tensor g, Tensor y, long firstRow, int rows, int width, NormGradient norm) {
    double[] numbers = new double[rows * width];
    for (int j = 0; j < numbers.length; j++) {
      long i = firstRow * width + j;
      numbers[j] = normalised(g.get(i), y.get(i), j % width, norm);
    }
    return new NaiveOutputGradient(numbers);
  }

  @Override
  public void add(Tensor x, long xOffset, Tensor y, long yOffset, long count) {
    for (long i = 0; i < count; i++) {
      y.set(yOffset + i, p.round(y.get(yOffset + i) + x.get(xOffset + i)));
    }
  }

  @Override
  public void meanOverTokens(Spikes spikes, long firstRow, int tokens, Tensor means, long offset) {
    for (int c = 0; c < spikes.width(); c++) {
      double sum = 0;
      for (int n = 0; n < tokens; n++) {
        sum += spikes.get(firstRow + n, c);
      }
      means.set(offset + c, sum / tokens);
    }
  }

  /** x[b, i, j] of spikes whose rows are runs of j. */
  private static double at(Spikes x, Grid grid, int block, int i, int j) {
    long number = grid.offset() + ((long) block * grid.features() + i) * grid.inner() + j;
    return x.get(number / x.width(), (int) (number % x.width()));
  }

  @Override
  public void axis(Spikes x, Tensor w, long wOffset, Tensor y, Grid grid) {
    int features = grid.features();
    int inner = grid.inner();
    for (int block = 0; block < grid.blocks(); block++) {
      long base = grid.offset() + (long) block * features * inner;
      for (int o = 0; o < features; o++) {
        for (int j = 0; j < inner; j++) {
          double sum = 0;
          for (int i = 0; i < features; i++) {
            sum = p.fma(w.get(wOffset + (long) o * features + i), at(x, grid, block, i, j), sum);
          }
          y.set(base + (long) o * inner + j, sum);
        }
      }
    }
  }

  @Override
  public void axisInputGradient(Tensor dy, Tensor w, long wOffset, Tensor dx, Grid grid) {
    int features = grid.features();
    int inner = grid.inner();
    for (int block = 0; block < grid.blocks(); block++) {
      long base = grid.offset() + (long) block * features * inner;
      for (int i = 0; i < features; i++) {
        for (int j = 0; j < inner; j++) {
          long at = base + (long) i * inner + j;
          double sum = dx.get(at);
          for (int o = 0; o < features; o++) {
            sum =
                p.fma(
                    w.get(wOffset + (long) o * features + i),
                    dy.get(base + (long) o * inner + j),
                    sum);
          }
          dx.set(at, sum);
        }
      }
    }
  }

  @Override
  public void axisWeightGradient(Spikes x, Tensor dy, Grid grid, Tensor dw, long dwOffset) {
    int features = grid.features();
    int inner = grid.inner();
    for (int o = 0; o < features; o++) {
      for (int i = 0; i < features; i++) {
        double sum = 0;
        for (int block = 0; block < grid.blocks(); block++) {
          long base = grid.offset() + (long) block * features * inner;
          for (int j = 0; j < inner; j++) {
            sum = p.fma(dy.get(base + (long) o * inner + j), at(x, grid, block, i, j), sum);
          }
        }
        long at = dwOffset + (long) o * features + i;
        dw.set(at, p.round(dw.get(at) + sum));
      }
    }
  }

  @Override
  public void descend(
      Tensor w,
      Tensor g,
      Tensor m,
      long from,
      long count,
      double learningRate,
      double momentum,
      double weightDecay) {
    descent.sgd(w, g, m, from, count, learningRate, momentum, weightDecay);
  }

  @Override
  public void descendAdamW(
      Tensor w, Tensor g, Tensor m, Tensor v, long from, long count, AdamWStep step) {
    descent.adamW(w, g, m, v, from, count, step);
  }

  @Override
  public void average(Tensor average, Tensor w, long count, double decay) {
    descent.average(average, w, count, decay);
  }

  @Override
  public double squaredNorm(Tensor g, long count) {
    return descent.squaredNorm(g, count);
  }

  @Override
  public void scale(Tensor g, long count, double factor) {
    descent.scale(g, count, factor);
  }
}
