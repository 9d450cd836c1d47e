package spikemlp.kernel;

/** The kernels of {@link NaiveKernels} that change weights, one number at a time. */
final class NaiveDescent {

  private final Precision p;

  NaiveDescent(Precision precision) {
    this.p = precision;
  }

  void sgd(
      Tensor w,
      Tensor g,
      Tensor m,
      long from,
      long count,
      double learningRate,
      double momentum,
      double weightDecay) {
    for (long i = from; i < from + count; i++) {
      double direction = p.fma(p.round(weightDecay), w.get(i), g.get(i));
      double velocity = p.fma(p.round(momentum), m.get(i), direction);
      m.set(i, velocity);
      w.set(i, p.fma(p.round(-learningRate), velocity, w.get(i)));
    }
  }

  void adamW(Tensor w, Tensor g, Tensor m, Tensor v, long from, long count, AdamWStep step) {
    double c1 = p.round(1 - step.beta1());
    double c2 = p.round(1 - step.beta2());
    for (long i = from; i < from + count; i++) {
      double gradient = g.get(i);
      double first = p.fma(p.round(step.beta1()), m.get(i), p.round(c1 * gradient));
      double second =
          p.fma(p.round(c2 * gradient), gradient, p.round(p.round(step.beta2()) * v.get(i)));
      m.set(i, first);
      v.set(i, second);
      double root = p.round(p.round(Math.sqrt(second)) / p.round(step.rootCorrection()));
      double direction = p.round(first / p.round(root + p.round(step.epsilon())));
      double kept = p.round(p.round(step.keep()) * w.get(i));
      w.set(i, p.fma(p.round(-step.stepSize()), direction, kept));
    }
  }

  void average(Tensor average, Tensor w, long count, double decay) {
    double share = p.round(1 - decay);
    for (long i = 0; i < count; i++) {
      double difference = p.round(w.get(i) - average.get(i));
      average.set(i, p.fma(share, difference, average.get(i)));
    }
  }

  double squaredNorm(Tensor g, long count) {
    double[] sums = new double[8];
    for (long i = 0; i < count; i++) {
      sums[(int) (i % 8)] += g.get(i) * g.get(i);
    }
    double sum = 0;
    for (double part : sums) {
      sum += part;
    }
    return sum;
  }

  void scale(Tensor g, long count, double factor) {
    for (long i = 0; i < count; i++) {
      g.set(i, p.round(p.round(factor) * g.get(i)));
    }
  }
}
