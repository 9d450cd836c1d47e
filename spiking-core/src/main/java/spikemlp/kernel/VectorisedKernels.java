package spikemlp.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import spikemlp.neuron.LifNeuron;

/**
 * The kernels in single precision on the Vector API. Each lane does the naive kernel's operations
 * in its order, so every forward result is the same bits; the surrogate's exponential and the order
 * of {@link #axisWeightGradient}'s sum alone differ.
 *
 * <p>A sample's neurons are worked through in chunks that stay in the first-level cache while T
 * passes; the passes over a chunk are short loops without a branch.
 */
final class VectorisedKernels implements Kernels {

  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = S.length();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final int CHUNK = 512;

  @Override
  public Precision precision() {
    return Precision.SINGLE;
  }

  @Override
  public String toString() {
    return LANES * Float.SIZE + "-bit vectors";
  }

  private static FloatVector load(MemorySegment m, long i) {
    return FloatVector.fromMemorySegment(S, m, i * Float.BYTES, ORDER);
  }

  private static void store(FloatVector v, MemorySegment m, long i) {
    v.intoMemorySegment(m, i * Float.BYTES, ORDER);
  }

  private static float get(MemorySegment m, long i) {
    return m.get(FLOAT, i * Float.BYTES);
  }

  private static void set(MemorySegment m, long i, float value) {
    m.set(FLOAT, i * Float.BYTES, value);
  }

  @Override
  public void combine(Charge charge, Tensor state, long sample) {
    float[] z = new float[CHUNK];
    for (int from = 0; from < charge.neurons(); ) {
      int count = chunk(charge, from);
      for (int t = 0; t < charge.timeSteps(); t++) {
        normalise(charge, sample, t, from, count, z);
        addSkips(charge, sample, t, from, count, z);
        copyOut(z, count, state, at(charge, sample, t, from));
      }
      from += count;
    }
  }

  /** How many neurons from {@code from} on make the next chunk: it ends where a period ends. */
  private static int chunk(Charge charge, int from) {
    return Math.min(CHUNK, charge.period() - from % charge.period());
  }

  private static long at(Charge charge, long sample, int t, int from) {
    return (sample * charge.timeSteps() + t) * charge.neurons() + from;
  }

  private static void copyOut(float[] values, int count, Tensor target, long offset) {
    MemorySegment.copy(
        values, 0, target.segment(), ValueLayout.JAVA_FLOAT, offset * Float.BYTES, count);
  }

  private static void normalise(Charge charge, long sample, int t, int from, int count, float[] z) {
    MemorySegment y = charge.input().values().segment();
    long yAt = charge.input().offset(sample, t, charge.timeSteps(), charge.neurons()) + from;
    MemorySegment scale = charge.scale().segment();
    MemorySegment shift = charge.shift().segment();
    int position = from % charge.period();
    int j = 0;
    for (; j <= count - LANES; j += LANES) {
      load(y, yAt + j).fma(load(scale, position + j), load(shift, position + j)).intoArray(z, j);
    }
    for (; j < count; j++) {
      z[j] = Math.fma(get(y, yAt + j), get(scale, position + j), get(shift, position + j));
    }
  }

  private static void addSkips(Charge charge, long sample, int t, int from, int count, float[] z) {
    for (Current skip : charge.skips()) {
      long skipAt = skip.offset(sample, t, charge.timeSteps(), charge.neurons()) + from;
      addTo(z, count, skip.values().segment(), skipAt);
    }
  }

  private static void addTo(float[] z, int count, MemorySegment x, long xAt) {
    int j = 0;
    for (; j <= count - LANES; j += LANES) {
      FloatVector.fromArray(S, z, j).add(load(x, xAt + j)).intoArray(z, j);
    }
    for (; j < count; j++) {
      z[j] += get(x, xAt + j);
    }
  }

  @Override
  public void fire(Charge charge, Firing firing, long sample) {
    fire(charge, firing, sample, false);
  }

  @Override
  public void fireFolded(Charge charge, Firing firing, long sample) {
    fire(charge, firing, sample, true);
  }

  private static void fire(Charge charge, Firing firing, long sample, boolean folded) {
    float[] z = new float[CHUNK];
    float[] v = new float[CHUNK];
    float tau = (float) firing.neuron().tau();
    float leak = (float) firing.neuron().leak();
    float threshold = (float) firing.neuron().threshold();
    for (int from = 0; from < charge.neurons(); ) {
      int count = chunk(charge, from);
      Arrays.fill(v, 0);
      for (int t = 0; t < charge.timeSteps(); t++) {
        normalise(charge, sample, t, from, count, z);
        long at = at(charge, sample, t, from);
        if (firing.normalised().isPresent()) {
          copyOut(z, count, firing.normalised().get(), at);
        }
        addSkips(charge, sample, t, from, count, z);
        if (folded) {
          leakFireReset(z, v, count, leak, firing.spikes().segment(), at);
        } else {
          chargeFireReset(z, v, count, tau, threshold, firing.spikes().segment(), at);
        }
        if (firing.potentials().isPresent()) {
          copyOut(z, count, firing.potentials().get(), at);
        }
      }
      from += count;
    }
  }

  /** One step: {@code z} becomes h, {@code v} becomes v[t]. */
  private static void chargeFireReset(
      float[] z, float[] v, int count, float tau, float threshold, MemorySegment s, long at) {
    FloatVector one = FloatVector.broadcast(S, 1f);
    FloatVector zero = FloatVector.zero(S);
    int j = 0;
    for (; j <= count - LANES; j += LANES) {
      FloatVector before = FloatVector.fromArray(S, v, j);
      FloatVector h = before.add(FloatVector.fromArray(S, z, j).sub(before).div(tau));
      VectorMask<Float> fired = h.compare(VectorOperators.GE, threshold);
      FloatVector spikes = zero.blend(one, fired);
      h.intoArray(z, j);
      h.mul(one.sub(spikes)).intoArray(v, j);
      store(spikes, s, at + j);
    }
    for (; j < count; j++) {
      float h = v[j] + (z[j] - v[j]) / tau;
      float spike = h >= threshold ? 1f : 0f;
      z[j] = h;
      v[j] = h * (1f - spike);
      set(s, at + j, spike);
    }
  }

  /** One step of folded neurons: {@code z} becomes h, {@code v} becomes v[t]. Never an fma. */
  private static void leakFireReset(
      float[] z, float[] v, int count, float leak, MemorySegment s, long at) {
    FloatVector one = FloatVector.broadcast(S, 1f);
    FloatVector zero = FloatVector.zero(S);
    int j = 0;
    for (; j <= count - LANES; j += LANES) {
      FloatVector h = FloatVector.fromArray(S, v, j).mul(leak).add(FloatVector.fromArray(S, z, j));
      VectorMask<Float> fired = h.compare(VectorOperators.GE, 1f);
      h.intoArray(z, j);
      h.blend(zero, fired).intoArray(v, j);
      store(zero.blend(one, fired), s, at + j);
    }
    for (; j < count; j++) {
      float h = leak * v[j] + z[j];
      z[j] = h;
      v[j] = h >= 1f ? 0f : h;
      set(s, at + j, h >= 1f ? 1f : 0f);
    }
  }

  @Override
  public void fireBackward(
      LifNeuron neuron,
      Tensor potentials,
      Tensor gradient,
      int timeSteps,
      int neurons,
      long sample) {
    float[] g = new float[CHUNK];
    float[] dv = new float[CHUNK];
    MemorySegment h = potentials.segment();
    MemorySegment d = gradient.segment();
    for (int from = 0; from < neurons; from += CHUNK) {
      int count = Math.min(CHUNK, neurons - from);
      Arrays.fill(dv, 0);
      for (int t = timeSteps - 1; t >= 0; t--) {
        long at = (sample * timeSteps + t) * neurons + from;
        VectorisedSurrogate.derivatives(neuron, h, at, g, count);
        backwardStep(neuron, h, d, at, g, dv, count);
      }
    }
  }

  private static void backwardStep(
      LifNeuron neuron,
      MemorySegment potentials,
      MemorySegment gradient,
      long at,
      float[] g,
      float[] dv,
      int count) {
    float threshold = (float) neuron.threshold();
    float tau = (float) neuron.tau();
    float decay = (float) (1 - 1 / neuron.tau());
    boolean throughReset = !neuron.detachReset();
    FloatVector zero = FloatVector.zero(S);
    int j = 0;
    for (; j <= count - LANES; j += LANES) {
      FloatVector h = load(potentials, at + j);
      FloatVector slope = FloatVector.fromArray(S, g, j);
      FloatVector later = FloatVector.fromArray(S, dv, j);
      VectorMask<Float> fired = h.compare(VectorOperators.GE, threshold);
      FloatVector dh = load(gradient, at + j).mul(slope).add(later.blend(zero, fired));
      if (throughReset) {
        dh = dh.sub(later.mul(h).mul(slope));
      }
      store(dh.div(tau), gradient, at + j);
      dh.mul(decay).intoArray(dv, j);
    }
    for (; j < count; j++) {
      float h = get(potentials, at + j);
      float kept = h >= threshold ? 0f : dv[j];
      float dh = get(gradient, at + j) * g[j] + kept;
      if (throughReset) {
        dh -= dv[j] * h * g[j];
      }
      set(gradient, at + j, dh / tau);
      dv[j] = dh * decay;
    }
  }

  @Override
  public void sum(Tensor x, long offset, long rows, int period, Tensor sums, long sumsOffset) {
    MemorySegment values = x.segment();
    MemorySegment total = sums.segment();
    for (long row = 0; row < rows; row++) {
      addRow(values, offset + row * period, total, sumsOffset, period);
    }
  }

  private static void addRow(MemorySegment x, long xAt, MemorySegment y, long yAt, int count) {
    int j = 0;
    for (; j <= count - LANES; j += LANES) {
      store(load(y, yAt + j).add(load(x, xAt + j)), y, yAt + j);
    }
    for (; j < count; j++) {
      set(y, yAt + j, get(y, yAt + j) + get(x, xAt + j));
    }
  }

  @Override
  public void squares(
      Tensor x, long offset, long rows, int period, Tensor mean, Tensor sums, long sumsOffset) {
    MemorySegment values = x.segment();
    MemorySegment means = mean.segment();
    MemorySegment total = sums.segment();
    for (long row = 0; row < rows; row++) {
      long at = offset + row * period;
      int j = 0;
      for (; j <= period - LANES; j += LANES) {
        FloatVector d = load(values, at + j).sub(load(means, sumsOffset + j));
        store(d.fma(d, load(total, sumsOffset + j)), total, sumsOffset + j);
      }
      for (; j < period; j++) {
        float d = get(values, at + j) - get(means, sumsOffset + j);
        set(total, sumsOffset + j, Math.fma(d, d, get(total, sumsOffset + j)));
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
    MemorySegment gradient = g.segment();
    MemorySegment values = y.segment();
    MemorySegment means = mean.segment();
    MemorySegment factors = rstd.segment();
    MemorySegment total = sums.segment();
    MemorySegment total2 = products.segment();
    for (long row = 0; row < rows; row++) {
      long at = offset + row * period;
      int j = 0;
      for (; j <= period - LANES; j += LANES) {
        FloatVector d = load(gradient, at + j);
        FloatVector n = load(values, at + j).sub(load(means, j)).mul(load(factors, j));
        store(load(total, sumsOffset + j).add(d), total, sumsOffset + j);
        store(d.fma(n, load(total2, sumsOffset + j)), total2, sumsOffset + j);
      }
      for (; j < period; j++) {
        float d = get(gradient, at + j);
        float n = (get(values, at + j) - get(means, j)) * get(factors, j);
        set(total, sumsOffset + j, get(total, sumsOffset + j) + d);
        set(total2, sumsOffset + j, Math.fma(d, n, get(total2, sumsOffset + j)));
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
    MemorySegment gradient = g.segment();
    MemorySegment values = y.segment();
    MemorySegment factors = scale.segment();
    MemorySegment centres = meanG.segment();
    MemorySegment means = mean.segment();
    MemorySegment slopes = slope.segment();
    for (long row = 0; row < rows; row++) {
      long at = offset + row * period;
      int j = 0;
      for (; j <= period - LANES; j += LANES) {
        FloatVector distance = load(values, at + j).sub(load(means, j));
        FloatVector centred = load(gradient, at + j).sub(load(centres, j));
        store(centred.sub(distance.mul(load(slopes, j))).mul(load(factors, j)), gradient, at + j);
      }
      for (; j < period; j++) {
        float distance = get(values, at + j) - get(means, j);
        float centred = get(gradient, at + j) - get(centres, j);
        set(gradient, at + j, get(factors, j) * (centred - distance * get(slopes, j)));
      }
    }
  }

  @Override
  public void add(Tensor x, long xOffset, Tensor y, long yOffset, long count) {
    for (long done = 0; done < count; done += CHUNK) {
      int part = (int) Math.min(CHUNK, count - done);
      addRow(x.segment(), xOffset + done, y.segment(), yOffset + done, part);
    }
  }

  @Override
  public void axis(
      Tensor x, Tensor w, long wOffset, Tensor y, Grid grid, boolean transposed, boolean add) {
    VectorisedAxis.product(x, weights(w, wOffset, grid.features(), transposed), y, grid, add);
  }

  private static float[] weights(Tensor w, long offset, int features, boolean transposed) {
    float[] weights = new float[features * features];
    for (int o = 0; o < features; o++) {
      for (int i = 0; i < features; i++) {
        long at = transposed ? (long) i * features + o : (long) o * features + i;
        weights[o * features + i] = get(w.segment(), offset + at);
      }
    }
    return weights;
  }

  @Override
  public void axisWeightGradient(Tensor x, Tensor dy, Grid grid, Tensor dw, long dwOffset) {
    VectorisedAxis.weightGradient(x, dy, grid, dw, dwOffset);
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
    MemorySegment weights = w.segment();
    MemorySegment gradients = g.segment();
    MemorySegment velocities = m.segment();
    float rate = (float) -learningRate;
    float mu = (float) momentum;
    float decay = (float) weightDecay;
    FloatVector rates = FloatVector.broadcast(S, rate);
    FloatVector mus = FloatVector.broadcast(S, mu);
    FloatVector decays = FloatVector.broadcast(S, decay);
    long i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector weight = load(weights, i);
      FloatVector velocity = mus.fma(load(velocities, i), decays.fma(weight, load(gradients, i)));
      store(velocity, velocities, i);
      store(rates.fma(velocity, weight), weights, i);
    }
    for (; i < count; i++) {
      float weight = get(weights, i);
      float velocity = Math.fma(mu, get(velocities, i), Math.fma(decay, weight, get(gradients, i)));
      set(velocities, i, velocity);
      set(weights, i, Math.fma(rate, velocity, weight));
    }
  }

  @Override
  public long count(Tensor spikes, long offset, long count) {
    MemorySegment s = spikes.segment();
    long fired = 0;
    for (long i = 0; i < count; i++) {
      fired += (long) get(s, offset + i);
    }
    return fired;
  }
}
