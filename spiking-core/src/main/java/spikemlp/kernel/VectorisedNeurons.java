package spikemlp.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import spikemlp.kernel.Kernels.GradientSums;
import spikemlp.neuron.LifNeuron;

/**
 * LIF neurons over T, a chunk at a time: the states of all steps first, then the steps of a few
 * neurons after each other, whose membrane stays in registers.
 */
final class VectorisedNeurons {

  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = S.length();
  private static final VectorSpecies<Integer> BITS = S.withLanes(int.class);
  private static final int STRIDE = VectorisedCharge.STRIDE;

  /** Neurons whose spikes are gathered at once: as many as an int has bits, or fewer. */
  private static final int GATHERED = 4 * LANES;

  /** For each of four vectors, the bits of its lanes within what is gathered. */
  private static final int[] LANE_BITS = new int[GATHERED];

  static {
    for (int i = 0; i < GATHERED; i++) {
      LANE_BITS[i] = 1 << i;
    }
  }

  private VectorisedNeurons() {}

  private static int step(int t) {
    return VectorisedCharge.step(t);
  }

  static void fire(Charge charge, LifNeuron neuron, PackedSpikes spikes, long sample) {
    Scratch scratch = Scratch.ofThread();
    float tau = (float) neuron.tau();
    float threshold = (float) neuron.threshold();
    boolean wholeVectors = isPowerOfTwo(tau) && charge.width() % LANES == 0;
    int steps = charge.timeSteps();
    float[] z = scratch.floats(0, steps * STRIDE);
    Chunk c = scratch.chunk;
    for (c.begin(charge.tokens(), charge.width()); c.present(); c.next()) {
      VectorisedCharge.states(charge, sample, c, z);
      long row = sample * steps * charge.tokens() + c.token();
      if (wholeVectors) {
        fireRows(z, charge, 1 / tau, threshold, c, spikes, row);
      } else {
        chargeAndReset(z, steps, c.count(), tau, threshold);
        pack(z, steps, threshold, c, spikes, row, charge.tokens());
      }
    }
  }

  static void fireFolded(Charge charge, LifNeuron neuron, PackedSpikes spikes, long sample) {
    Scratch scratch = Scratch.ofThread();
    int steps = charge.timeSteps();
    float[] z = scratch.floats(0, steps * STRIDE);
    float leak = (float) neuron.leak();
    Chunk c = scratch.chunk;
    for (c.begin(charge.tokens(), charge.width()); c.present(); c.next()) {
      VectorisedCharge.states(charge, sample, c, z);
      leakAndReset(z, steps, c.count(), leak);
      pack(z, steps, 1f, c, spikes, sample * steps * charge.tokens() + c.token(), charge.tokens());
    }
  }

  /**
   * Turns z of all steps into h. Works on whole vectors: what lies beyond the count is nobody's. A
   * τ that is a power of two divides exactly as its inverse multiplies.
   */
  private static void chargeAndReset(float[] z, int steps, int count, float tau, float threshold) {
    if (!isPowerOfTwo(tau)) {
      chargeAndResetDividing(z, steps, count, tau, threshold);
      return;
    }
    FloatVector inverse = FloatVector.broadcast(S, 1 / tau);
    for (int j = 0; j < count; j += LANES) {
      FloatVector v = FloatVector.zero(S);
      for (int t = 0; t < steps; t++) {
        FloatVector h = charged(v, FloatVector.fromArray(S, z, step(t) + j), inverse);
        h.intoArray(z, step(t) + j);
        v = reset(h, h.compare(VectorOperators.GE, threshold));
      }
    }
  }

  private static void chargeAndResetDividing(
      float[] z, int steps, int count, float tau, float threshold) {
    for (int j = 0; j < count; j += LANES) {
      FloatVector v = FloatVector.zero(S);
      for (int t = 0; t < steps; t++) {
        FloatVector difference = FloatVector.fromArray(S, z, step(t) + j).sub(v);
        FloatVector h = v.add(difference.div(tau));
        h.intoArray(z, step(t) + j);
        v = reset(h, h.compare(VectorOperators.GE, threshold));
      }
    }
  }

  /** h·(1 − s). */
  private static FloatVector reset(FloatVector h, VectorMask<Float> fired) {
    FloatVector one = FloatVector.broadcast(S, 1f);
    return h.mul(one.blend(FloatVector.zero(S), fired));
  }

  private static boolean isPowerOfTwo(float tau) {
    return tau == Math.scalb(1f, Math.getExponent(tau));
  }

  /** All steps of a chunk whose rows are whole vectors; the spikes are packed on the way. */
  private static void fireRows(
      float[] z,
      Charge charge,
      float inverse,
      float threshold,
      Chunk chunk,
      PackedSpikes spikes,
      long firstRow) {
    int width = chunk.width();
    int gathered = GATHERED <= Integer.SIZE ? width / GATHERED * GATHERED : 0;
    int stepWords = charge.tokens() * spikes.rowWords();
    for (int r = 0; r < chunk.rows(); r++) {
      int base = spikes.at(firstRow + r);
      int j = 0;
      for (; j < gathered; j += GATHERED) {
        int place = chunk.column() + j;
        int to = base + place / Long.SIZE;
        fireFour(
            z,
            r * width + j,
            charge.timeSteps(),
            inverse,
            threshold,
            spikes.words(),
            to,
            stepWords,
            place);
      }
      for (; j < width; j += LANES) {
        int place = chunk.column() + j;
        int to = base + place / Long.SIZE;
        fireOne(
            z,
            r * width + j,
            charge.timeSteps(),
            inverse,
            threshold,
            spikes.words(),
            to,
            stepWords,
            place);
      }
    }
  }

  private static FloatVector charged(FloatVector v, FloatVector z, FloatVector inverse) {
    return v.add(z.sub(v).mul(inverse));
  }

  private static IntVector bits(int vector, VectorMask<Float> fired) {
    return IntVector.zero(BITS)
        .blend(IntVector.fromArray(BITS, LANE_BITS, vector * LANES), fired.cast(BITS));
  }

  /** All steps of four vectors of neurons. Who holds a word's first place overwrites it. */
  private static void fireFour(
      float[] z,
      int from,
      int steps,
      float inverse,
      float threshold,
      long[] words,
      int to,
      int stepWords,
      int place) {
    FloatVector share = FloatVector.broadcast(S, inverse);
    FloatVector limit = FloatVector.broadcast(S, threshold);
    FloatVector v0 = FloatVector.zero(S);
    FloatVector v1 = v0;
    FloatVector v2 = v0;
    FloatVector v3 = v0;
    int shift = place % Long.SIZE;
    for (int t = 0; t < steps; t++) {
      int at = step(t) + from;
      FloatVector h0 = charged(v0, FloatVector.fromArray(S, z, at), share);
      VectorMask<Float> fired0 = h0.compare(VectorOperators.GE, limit);
      v0 = reset(h0, fired0);
      FloatVector h1 = charged(v1, FloatVector.fromArray(S, z, at + LANES), share);
      VectorMask<Float> fired1 = h1.compare(VectorOperators.GE, limit);
      v1 = reset(h1, fired1);
      FloatVector h2 = charged(v2, FloatVector.fromArray(S, z, at + 2 * LANES), share);
      VectorMask<Float> fired2 = h2.compare(VectorOperators.GE, limit);
      v2 = reset(h2, fired2);
      FloatVector h3 = charged(v3, FloatVector.fromArray(S, z, at + 3 * LANES), share);
      VectorMask<Float> fired3 = h3.compare(VectorOperators.GE, limit);
      v3 = reset(h3, fired3);
      int fired =
          bits(0, fired0)
              .or(bits(1, fired1))
              .or(bits(2, fired2).or(bits(3, fired3)))
              .reduceLanes(VectorOperators.OR);
      int word = to + t * stepWords;
      long before = shift == 0 ? 0 : words[word];
      words[word] = before | (fired & 0xFFFF_FFFFL) << shift;
    }
  }

  private static void fireOne(
      float[] z,
      int from,
      int steps,
      float inverse,
      float threshold,
      long[] words,
      int to,
      int stepWords,
      int place) {
    FloatVector share = FloatVector.broadcast(S, inverse);
    FloatVector v = FloatVector.zero(S);
    int shift = place % Long.SIZE;
    for (int t = 0; t < steps; t++) {
      FloatVector h = charged(v, FloatVector.fromArray(S, z, step(t) + from), share);
      VectorMask<Float> fired = h.compare(VectorOperators.GE, threshold);
      v = reset(h, fired);
      int word = to + t * stepWords;
      long before = shift == 0 ? 0 : words[word];
      words[word] = before | fired.toLong() << shift;
    }
  }

  /** Turns z of all steps of folded neurons into h. Never an fma. */
  private static void leakAndReset(float[] z, int steps, int count, float leak) {
    FloatVector zero = FloatVector.zero(S);
    for (int j = 0; j < count; j += LANES) {
      FloatVector v = zero;
      for (int t = 0; t < steps; t++) {
        FloatVector h = v.mul(leak).add(FloatVector.fromArray(S, z, step(t) + j));
        h.intoArray(z, step(t) + j);
        v = h.blend(zero, h.compare(VectorOperators.GE, 1f));
      }
    }
  }

  /** A bit for each potential of all steps that reaches the threshold. */
  private static void pack(
      float[] h,
      int steps,
      float threshold,
      Chunk chunk,
      PackedSpikes spikes,
      long firstRow,
      int tokens) {
    for (int t = 0; t < steps; t++) {
      for (int r = 0; r < chunk.rows(); r++) {
        long row = firstRow + (long) t * tokens + r;
        int to = spikes.at(row) + chunk.column() / Long.SIZE;
        packRow(h, step(t) + r * chunk.width(), threshold, chunk.width(), spikes.words(), to);
      }
    }
  }

  private static void packRow(
      float[] h, int from, float threshold, int width, long[] words, int firstWord) {
    int to = firstWord;
    for (int j = 0; j < width; j += Long.SIZE) {
      int count = Math.min(Long.SIZE, width - j);
      long word = 0;
      for (int i = 0; i < count; i += LANES) {
        word |=
            FloatVector.fromArray(S, h, from + j + i)
                    .compare(VectorOperators.GE, threshold)
                    .toLong()
                << i;
      }
      words[to++] = count == Long.SIZE ? word : word & (1L << count) - 1;
    }
  }

  static void fireBackward(
      Charge charge, LifNeuron neuron, Tensor gradient, long sample, Optional<GradientSums> sums) {
    Scratch scratch = Scratch.ofThread();
    int steps = charge.timeSteps();
    float[] h = scratch.floats(0, steps * STRIDE);
    float[] potentials = neuron.detachReset() ? h : scratch.floats(1, steps * STRIDE);
    float tau = (float) neuron.tau();
    float threshold = (float) neuron.threshold();
    Chunk c = scratch.chunk;
    FeatureSums adder = scratch.sums.begin(scratch, sums.orElse(null), charge.width());
    MemorySegment values = (sums.isPresent() ? charge.input().values() : gradient).segment();
    for (c.begin(charge.tokens(), charge.width()); c.present(); c.next()) {
      VectorisedCharge.states(charge, sample, c, h);
      chargeAndReset(h, steps, c.count(), tau, threshold);
      if (!neuron.detachReset()) {
        System.arraycopy(h, step(0), potentials, step(0), steps * STRIDE);
      }
      for (int t = 0; t < steps; t++) {
        VectorisedSurrogate.signedDerivatives(neuron, h, step(t), c.count());
      }
      adder.enter(c);
      long at = charge.at(sample, 0) + c.at();
      backwardSteps(charge, neuron, h, potentials, gradient.segment(), values, at, adder, c);
      adder.leave(c);
    }
    adder.finish((int) sample);
  }

  /**
   * {@code gradient} turns from δs to δz, from the last step to the first; its sums are made on the
   * way. A few neurons take all their steps after each other: their δv and sums stay in registers.
   *
   * @param slopes the surrogate's derivatives, negative where the neuron did not fire
   */
  private static void backwardSteps(
      Charge charge,
      LifNeuron neuron,
      float[] slopes,
      float[] potentials,
      MemorySegment gradient,
      MemorySegment y,
      long at,
      FeatureSums adder,
      Chunk chunk) {
    float share = (float) (1 / neuron.tau());
    float decay = (float) (1 - 1 / neuron.tau());
    boolean throughReset = !neuron.detachReset();
    int stride = charge.neurons();
    int last = charge.timeSteps() - 1;
    int count = chunk.count();
    int first = adder.first();
    float[] mean = adder.mean();
    float[] sums = adder.sums();
    float[] products = adder.products();
    int j = 0;
    for (; j <= count - LANES; j += LANES) {
      int place = Scratch.START + first + j;
      FloatVector centre = FloatVector.fromArray(S, mean, first + j);
      FloatVector sum = FloatVector.fromArray(S, sums, place);
      FloatVector product = FloatVector.fromArray(S, products, place);
      FloatVector dv = FloatVector.zero(S);
      long where = at + (long) last * stride + j;
      for (int t = last; t >= 0; t--) {
        FloatVector signed = FloatVector.fromArray(S, slopes, step(t) + j);
        FloatVector slope = signed.abs();
        FloatVector dh =
            VectorisedKernels.load(gradient, where).fma(slope, unlessFired(dv, signed));
        if (throughReset) {
          dh = dh.sub(dv.mul(FloatVector.fromArray(S, potentials, step(t) + j)).mul(slope));
        }
        FloatVector dz = dh.mul(share);
        VectorisedKernels.store(dz, gradient, where);
        dv = dh.mul(decay);
        sum = sum.add(dz);
        product = dz.fma(VectorisedKernels.load(y, where).sub(centre), product);
        where -= stride;
      }
      sum.intoArray(sums, place);
      product.intoArray(products, place);
    }
    for (; j < count; j++) {
      int place = Scratch.START + first + j;
      float dv = 0f;
      for (int t = last; t >= 0; t--) {
        long where = at + (long) t * stride + j;
        float signed = slopes[step(t) + j];
        float slope = Math.abs(signed);
        float kept = Float.floatToRawIntBits(signed) < 0 ? dv : 0f;
        float dh = Math.fma(VectorisedKernels.get(gradient, where), slope, kept);
        if (throughReset) {
          dh -= dv * potentials[step(t) + j] * slope;
        }
        float dz = dh * share;
        VectorisedKernels.set(gradient, where, dz);
        dv = dh * decay;
        sums[place] += dz;
        float distance = VectorisedKernels.get(y, where) - mean[first + j];
        products[place] = Math.fma(dz, distance, products[place]);
      }
    }
  }

  /** dv where the slope's sign says that nothing fired, else 0. */
  private static FloatVector unlessFired(FloatVector dv, FloatVector signed) {
    return dv.reinterpretAsInts()
        .and(signed.reinterpretAsInts().lanewise(VectorOperators.ASHR, Integer.SIZE - 1))
        .reinterpretAsFloats();
  }
}
