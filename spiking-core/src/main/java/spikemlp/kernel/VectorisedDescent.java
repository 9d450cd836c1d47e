package spikemlp.kernel;

import static spikemlp.kernel.VectorisedKernels.get;
import static spikemlp.kernel.VectorisedKernels.load;
import static spikemlp.kernel.VectorisedKernels.set;
import static spikemlp.kernel.VectorisedKernels.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The kernels of {@link VectorisedKernels} that change weights. */
final class VectorisedDescent {

  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = S.length();

  private VectorisedDescent() {}

  static void sgd(
      MemorySegment w,
      MemorySegment g,
      MemorySegment m,
      long from,
      long count,
      float rate,
      float mu,
      float decay) {
    FloatVector rates = FloatVector.broadcast(S, -rate);
    FloatVector mus = FloatVector.broadcast(S, mu);
    FloatVector decays = FloatVector.broadcast(S, decay);
    long to = from + count;
    long i = from;
    for (; i <= to - LANES; i += LANES) {
      FloatVector weight = load(w, i);
      FloatVector velocity = mus.fma(load(m, i), decays.fma(weight, load(g, i)));
      store(velocity, m, i);
      store(rates.fma(velocity, weight), w, i);
    }
    for (; i < to; i++) {
      float weight = get(w, i);
      float velocity = Math.fma(mu, get(m, i), Math.fma(decay, weight, get(g, i)));
      set(m, i, velocity);
      set(w, i, Math.fma(-rate, velocity, weight));
    }
  }

  static void adamW(
      MemorySegment w,
      MemorySegment g,
      MemorySegment m,
      MemorySegment v,
      long from,
      long count,
      AdamWStep step) {
    float b1 = (float) step.beta1();
    float b2 = (float) step.beta2();
    float c1 = (float) (1 - step.beta1());
    float c2 = (float) (1 - step.beta2());
    float correction = (float) step.rootCorrection();
    float epsilon = (float) step.epsilon();
    float keep = (float) step.keep();
    float size = (float) -step.stepSize();
    FloatVector b1s = FloatVector.broadcast(S, b1);
    FloatVector sizes = FloatVector.broadcast(S, size);
    long to = from + count;
    long i = from;
    for (; i <= to - LANES; i += LANES) {
      FloatVector gradient = load(g, i);
      FloatVector first = b1s.fma(load(m, i), gradient.mul(c1));
      FloatVector second = gradient.mul(c2).fma(gradient, load(v, i).mul(b2));
      store(first, m, i);
      store(second, v, i);
      FloatVector direction = first.div(second.sqrt().div(correction).add(epsilon));
      store(sizes.fma(direction, load(w, i).mul(keep)), w, i);
    }
    for (; i < to; i++) {
      float gradient = get(g, i);
      float first = Math.fma(b1, get(m, i), c1 * gradient);
      float second = Math.fma(c2 * gradient, gradient, b2 * get(v, i));
      set(m, i, first);
      set(v, i, second);
      float direction = first / ((float) Math.sqrt(second) / correction + epsilon);
      set(w, i, Math.fma(size, direction, keep * get(w, i)));
    }
  }

  static void average(MemorySegment average, MemorySegment w, long count, float share) {
    FloatVector shares = FloatVector.broadcast(S, share);
    long i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector old = load(average, i);
      store(shares.fma(load(w, i).sub(old), old), average, i);
    }
    for (; i < count; i++) {
      float old = get(average, i);
      set(average, i, Math.fma(share, get(w, i) - old, old));
    }
  }

  /** Scalar: eight sums hide the additions' latency, and are the same on any vector's width. */
  static double squaredNorm(MemorySegment g, long count) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double s4 = 0;
    double s5 = 0;
    double s6 = 0;
    double s7 = 0;
    long i = 0;
    for (; i <= count - 8; i += 8) {
      s0 += square(g, i);
      s1 += square(g, i + 1);
      s2 += square(g, i + 2);
      s3 += square(g, i + 3);
      s4 += square(g, i + 4);
      s5 += square(g, i + 5);
      s6 += square(g, i + 6);
      s7 += square(g, i + 7);
    }
    s0 += i < count ? square(g, i) : 0;
    s1 += i + 1 < count ? square(g, i + 1) : 0;
    s2 += i + 2 < count ? square(g, i + 2) : 0;
    s3 += i + 3 < count ? square(g, i + 3) : 0;
    s4 += i + 4 < count ? square(g, i + 4) : 0;
    s5 += i + 5 < count ? square(g, i + 5) : 0;
    s6 += i + 6 < count ? square(g, i + 6) : 0;
    return s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7;
  }

  private static double square(MemorySegment g, long i) {
    double value = get(g, i);
    return value * value;
  }

  static void scale(MemorySegment g, long count, float factor) {
    long i = 0;
    for (; i <= count - LANES; i += LANES) {
      store(load(g, i).mul(factor), g, i);
    }
    for (; i < count; i++) {
      set(g, i, factor * get(g, i));
    }
  }
}
