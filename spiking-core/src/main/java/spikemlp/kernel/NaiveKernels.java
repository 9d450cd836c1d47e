package spikemlp.kernel;

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

  private NaiveKernels(Precision precision, boolean smooth) {
    this.p = precision;
    this.smooth = smooth;
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

  /** scale·y + shift. */
  private double normalised(Charge charge, long sample, int t, int j) {
    int period = charge.period();
    double y = value(charge.input(), charge, sample, t, j);
    return p.fma(y, charge.scale().get(j % period), charge.shift().get(j % period));
  }

  private double withSkips(double z, Charge charge, long sample, int t, int j) {
    for (Current skip : charge.skips()) {
      z = p.round(z + value(skip, charge, sample, t, j));
    }
    return z;
  }

  private static double value(Current current, Charge charge, long sample, int t, int j) {
    return current
        .values()
        .get(current.offset(sample, t, charge.timeSteps(), charge.neurons()) + j);
  }

  @Override
  public void combine(Charge charge, Tensor state, long sample) {
    for (int t = 0; t < charge.timeSteps(); t++) {
      for (int j = 0; j < charge.neurons(); j++) {
        state.set(
            at(sample, t, j, charge.timeSteps(), charge.neurons()),
            withSkips(normalised(charge, sample, t, j), charge, sample, t, j));
      }
    }
  }

  private static long at(long sample, int t, int j, int timeSteps, int neurons) {
    return (sample * timeSteps + t) * neurons + j;
  }

  @Override
  public void fire(Charge charge, Firing firing, long sample) {
    double tau = p.round(firing.neuron().tau());
    int timeSteps = charge.timeSteps();
    for (int j = 0; j < charge.neurons(); j++) {
      double v = 0;
      for (int t = 0; t < timeSteps; t++) {
        long i = at(sample, t, j, timeSteps, charge.neurons());
        double normalised = normalised(charge, sample, t, j);
        double z = withSkips(normalised, charge, sample, t, j);
        double h = p.round(v + p.round(p.round(z - v) / tau));
        double s = spike(firing.neuron(), h);
        v = p.round(h * p.round(1 - s));
        firing.normalised().ifPresent(tensor -> tensor.set(i, normalised));
        firing.potentials().ifPresent(tensor -> tensor.set(i, h));
        firing.spikes().set(i, s);
      }
    }
  }

  @Override
  public void fireFolded(Charge charge, Firing firing, long sample) {
    double leak = p.round(firing.neuron().leak());
    int timeSteps = charge.timeSteps();
    for (int j = 0; j < charge.neurons(); j++) {
      double v = 0;
      for (int t = 0; t < timeSteps; t++) {
        long i = at(sample, t, j, timeSteps, charge.neurons());
        double normalised = normalised(charge, sample, t, j);
        double z = withSkips(normalised, charge, sample, t, j);
        double h = p.round(p.round(leak * v) + z);
        v = h >= 1 ? 0 : h;
        firing.normalised().ifPresent(tensor -> tensor.set(i, normalised));
        firing.potentials().ifPresent(tensor -> tensor.set(i, h));
        firing.spikes().set(i, h >= 1 ? 1 : 0);
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
      LifNeuron neuron,
      Tensor potentials,
      Tensor gradient,
      int timeSteps,
      int neurons,
      long sample) {
    double decay = p.round(1 - 1 / neuron.tau());
    for (int j = 0; j < neurons; j++) {
      double dv = 0;
      for (int t = timeSteps - 1; t >= 0; t--) {
        long i = at(sample, t, j, timeSteps, neurons);
        double h = potentials.get(i);
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
  }

  @Override
  public void sum(Tensor x, long offset, long rows, int period, Tensor sums, long sumsOffset) {
    for (long row = 0; row < rows; row++) {
      for (int j = 0; j < period; j++) {
        double value = x.get(offset + row * period + j);
        sums.set(sumsOffset + j, p.round(sums.get(sumsOffset + j) + value));
      }
    }
  }

  @Override
  public void squares(
      Tensor x, long offset, long rows, int period, Tensor mean, Tensor sums, long sumsOffset) {
    for (long row = 0; row < rows; row++) {
      for (int j = 0; j < period; j++) {
        double d = p.round(x.get(offset + row * period + j) - mean.get(sumsOffset + j));
        sums.set(sumsOffset + j, p.fma(d, d, sums.get(sumsOffset + j)));
      }
    }
  }

  @Override
  public void gradientSums(
      Tensor g,
      Tensor y,
      long offset,
      long rows,
      int period,
      Tensor mean,
      Tensor rstd,
      Tensor sums,
      Tensor products,
      long sumsOffset) {
    for (long row = 0; row < rows; row++) {
      for (int j = 0; j < period; j++) {
        long i = offset + row * period + j;
        double normalised = p.round(p.round(y.get(i) - mean.get(j)) * rstd.get(j));
        sums.set(sumsOffset + j, p.round(sums.get(sumsOffset + j) + g.get(i)));
        products.set(sumsOffset + j, p.fma(g.get(i), normalised, products.get(sumsOffset + j)));
      }
    }
  }

  @Override
  public void normaliseBackward(
      Tensor g,
      Tensor y,
      long offset,
      long rows,
      int period,
      Tensor scale,
      Tensor meanG,
      Tensor mean,
      Tensor slope) {
    for (long row = 0; row < rows; row++) {
      for (int j = 0; j < period; j++) {
        long i = offset + row * period + j;
        double distance = p.round(y.get(i) - mean.get(j));
        double centred = p.round(g.get(i) - meanG.get(j));
        g.set(i, p.round(scale.get(j) * p.round(centred - p.round(distance * slope.get(j)))));
      }
    }
  }

  @Override
  public void add(Tensor x, long xOffset, Tensor y, long yOffset, long count) {
    for (long i = 0; i < count; i++) {
      y.set(yOffset + i, p.round(y.get(yOffset + i) + x.get(xOffset + i)));
    }
  }

  @Override
  public void axis(
      Tensor x, Tensor w, long wOffset, Tensor y, Grid grid, boolean transposed, boolean add) {
    int features = grid.features();
    int inner = grid.inner();
    for (int block = 0; block < grid.blocks(); block++) {
      long base = grid.offset() + (long) block * features * inner;
      for (int o = 0; o < features; o++) {
        for (int j = 0; j < inner; j++) {
          double sum = 0;
          for (int i = 0; i < features; i++) {
            double weight = w.get(wOffset + (transposed ? i * features + o : o * features + i));
            sum = p.fma(weight, x.get(base + (long) i * inner + j), sum);
          }
          long at = base + (long) o * inner + j;
          y.set(at, add ? p.round(y.get(at) + sum) : sum);
        }
      }
    }
  }

  @Override
  public void axisWeightGradient(Tensor x, Tensor dy, Grid grid, Tensor dw, long dwOffset) {
    int features = grid.features();
    int inner = grid.inner();
    for (int o = 0; o < features; o++) {
      for (int i = 0; i < features; i++) {
        double sum = 0;
        for (int block = 0; block < grid.blocks(); block++) {
          long base = grid.offset() + (long) block * features * inner;
          for (int j = 0; j < inner; j++) {
            sum =
                p.fma(dy.get(base + (long) o * inner + j), x.get(base + (long) i * inner + j), sum);
          }
        }
        dw.set(dwOffset + (long) o * features + i, sum);
      }
    }
  }

  @Override
  public void descend(
      Tensor w,
      Tensor g,
      Tensor m,
      long count,
      double learningRate,
      double momentum,
      double weightDecay) {
    for (long i = 0; i < count; i++) {
      double direction = p.fma(p.round(weightDecay), w.get(i), g.get(i));
      double velocity = p.fma(p.round(momentum), m.get(i), direction);
      m.set(i, velocity);
      w.set(i, p.fma(p.round(-learningRate), velocity, w.get(i)));
    }
  }

  @Override
  public long count(Tensor spikes, long offset, long count) {
    double sum = 0;
    for (long i = 0; i < count; i++) {
      sum += spikes.get(offset + i);
    }
    return Math.round(sum);
  }
}
