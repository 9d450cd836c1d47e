package spikemlp.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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
  private static final int CHUNK = ByFeature.CHUNK;

  @Override
  public Precision precision() {
    return Precision.SINGLE;
  }

  @Override
  public String toString() {
    return LANES * Float.SIZE + "-bit vectors";
  }

  static FloatVector load(MemorySegment m, long i) {
    return FloatVector.fromMemorySegment(S, m, i * Float.BYTES, ORDER);
  }

  private static void store(FloatVector v, MemorySegment m, long i) {
    v.intoMemorySegment(m, i * Float.BYTES, ORDER);
  }

  static float get(MemorySegment m, long i) {
    return m.get(FLOAT, i * Float.BYTES);
  }

  private static void set(MemorySegment m, long i, float value) {
    m.set(FLOAT, i * Float.BYTES, value);
  }

  @Override
  public Spikes spikes(long rows, int slots, int width) {
    return new PackedSpikes(rows, slots, width);
  }

  @Override
  public SpikeProduct product(
      Tensor weights, List<SpikeProduct.Part> parts, int outputs, int slices) {
    return new VectorisedProduct(weights, parts, outputs, slices);
  }

  @Override
  public void combine(Charge charge, Tensor state, long sample) {
    Scratch scratch = Scratch.ofThread();
    Chunk c = scratch.chunk;
    float[] z = scratch.floats(0, CHUNK);
    for (c.begin(charge.tokens(), charge.width()); c.present(); c.next()) {
      for (int t = 0; t < charge.timeSteps(); t++) {
        state(charge, sample, t, c, z, 0);
        copyOut(z, c.count(), state, charge.at(sample, t) + c.at());
      }
    }
  }

  private static void copyOut(float[] values, int count, Tensor target, long offset) {
    MemorySegment.copy(
        values, 0, target.segment(), ValueLayout.JAVA_FLOAT, offset * Float.BYTES, count);
  }

  /** z of a chunk, from {@code to} on. */
  private static void state(Charge charge, long sample, int t, Chunk chunk, float[] z, int to) {
    take(charge.input(), charge, sample, t, chunk, z, to, false);
    List<Current> skips = charge.skips();
    for (int i = 0; i < skips.size(); i++) {
      take(skips.get(i), charge, sample, t, chunk, z, to, true);
    }
  }

  /** z = a current, or z += it. */
  private static void take(
      Current current,
      Charge charge,
      long sample,
      int t,
      Chunk chunk,
      float[] z,
      int to,
      boolean add) {
    MemorySegment y = current.values().segment();
    long at = current.offset(sample, t, charge.timeSteps(), charge.neurons()) + chunk.at();
    if (current.affine().isEmpty()) {
      plain(y, at, chunk.count(), z, to, add);
      return;
    }
    Affine affine = current.affine().get();
    float[] scale = affine.scale().wide();
    float[] shift = affine.shift().wide();
    if (affine.scale().channels()) {
      byChannel(y, at, chunk.count(), scale, shift, chunk.column(), z, to, add);
      return;
    }
    for (int r = 0; r < chunk.rows(); r++) {
      int f = affine.scale().ofToken(chunk.token() + r, charge.width());
      int row = r * chunk.width();
      byToken(y, at + row, chunk.width(), scale[f], shift[f], z, to + row, add);
    }
  }

  private static void plain(MemorySegment y, long at, int count, float[] z, int to, boolean add) {
    int j = 0;
    for (; j <= count - LANES; j += LANES) {
      FloatVector value = load(y, at + j);
      (add ? FloatVector.fromArray(S, z, to + j).add(value) : value).intoArray(z, to + j);
    }
    for (; j < count; j++) {
      z[to + j] = add ? z[to + j] + get(y, at + j) : get(y, at + j);
    }
  }

  private static void byChannel(
      MemorySegment y,
      long at,
      int count,
      float[] scale,
      float[] shift,
      int column,
      float[] z,
      int to,
      boolean add) {
    int j = 0;
    for (; j <= count - LANES; j += LANES) {
      FloatVector value =
          load(y, at + j)
              .fma(
                  FloatVector.fromArray(S, scale, column + j),
                  FloatVector.fromArray(S, shift, column + j));
      (add ? FloatVector.fromArray(S, z, to + j).add(value) : value).intoArray(z, to + j);
    }
    for (; j < count; j++) {
      float value = Math.fma(get(y, at + j), scale[column + j], shift[column + j]);
      z[to + j] = add ? z[to + j] + value : value;
    }
  }

  private static void byToken(
      MemorySegment y,
      long at,
      int count,
      float scale,
      float shift,
      float[] z,
      int to,
      boolean add) {
    FloatVector scales = FloatVector.broadcast(S, scale);
    FloatVector shifts = FloatVector.broadcast(S, shift);
    int j = 0;
    for (; j <= count - LANES; j += LANES) {
      FloatVector value = load(y, at + j).fma(scales, shifts);
      (add ? FloatVector.fromArray(S, z, to + j).add(value) : value).intoArray(z, to + j);
    }
    for (; j < count; j++) {
      float value = Math.fma(get(y, at + j), scale, shift);
      z[to + j] = add ? z[to + j] + value : value;
    }
  }

  @Override
  public void fire(Charge charge, LifNeuron neuron, Spikes spikes, long sample) {
    fire(charge, neuron, (PackedSpikes) spikes, sample, false);
  }

  @Override
  public void fireFolded(Charge charge, LifNeuron neuron, Spikes spikes, long sample) {
    fire(charge, neuron, (PackedSpikes) spikes, sample, true);
  }

  private static void fire(
      Charge charge, LifNeuron neuron, PackedSpikes spikes, long sample, boolean folded) {
    Scratch scratch = Scratch.ofThread();
    float[] z = scratch.floats(0, CHUNK);
    float[] v = scratch.floats(1, CHUNK);
    float tau = (float) neuron.tau();
    float leak = (float) neuron.leak();
    Chunk c = scratch.chunk;
    boolean whole = isPowerOfTwo(tau) && charge.width() % LANES == 0;
    float threshold = folded ? 1f : (float) neuron.threshold();
    for (c.begin(charge.tokens(), charge.width()); c.present(); c.next()) {
      Arrays.fill(v, 0);
      for (int t = 0; t < charge.timeSteps(); t++) {
        state(charge, sample, t, c, z, 0);
        long row = (sample * charge.timeSteps() + t) * charge.tokens() + c.token();
        if (folded) {
          leakAndReset(z, v, c.count(), leak);
          pack(z, threshold, c, spikes, row);
        } else if (whole) {
          fireWhole(z, v, 1 / tau, threshold, c, spikes, row);
        } else {
          chargeAndReset(z, 0, v, c.count(), tau, threshold);
          pack(z, threshold, c, spikes, row);
        }
      }
    }
  }

  /**
   * One step: {@code z} from {@code at} on becomes h, {@code v} becomes v[t]. Works on whole
   * vectors: what lies beyond the count is nobody's. A τ that is a power of two divides exactly as
   * its inverse multiplies.
   */
  private static void chargeAndReset(
      float[] z, int at, float[] v, int count, float tau, float threshold) {
    if (isPowerOfTwo(tau)) {
      FloatVector inverse = FloatVector.broadcast(S, 1 / tau);
      for (int j = 0; j < count; j += LANES) {
        FloatVector before = FloatVector.fromArray(S, v, j);
        FloatVector difference = FloatVector.fromArray(S, z, at + j).sub(before);
        FloatVector h = before.add(difference.mul(inverse));
        h.intoArray(z, at + j);
        reset(h, h.compare(VectorOperators.GE, threshold)).intoArray(v, j);
      }
    } else {
      for (int j = 0; j < count; j += LANES) {
        FloatVector before = FloatVector.fromArray(S, v, j);
        FloatVector difference = FloatVector.fromArray(S, z, at + j).sub(before);
        FloatVector h = before.add(difference.div(tau));
        h.intoArray(z, at + j);
        reset(h, h.compare(VectorOperators.GE, threshold)).intoArray(v, j);
      }
    }
  }

  /** h·(1 − s). */
  private static FloatVector reset(FloatVector h, VectorMask<Float> fired) {
    FloatVector one = FloatVector.broadcast(S, 1f);
    return h.mul(one.blend(FloatVector.zero(S), fired));
  }

  /** One step of a chunk whose rows are whole vectors, its spikes packed at once. */
  private static void fireWhole(
      float[] z,
      float[] v,
      float inverse,
      float threshold,
      Chunk chunk,
      PackedSpikes spikes,
      long firstRow) {
    int width = chunk.width();
    int rows = chunk.rows();
    for (int r = 0; r < rows; r++) {
      int to = spikes.at(firstRow + r) + chunk.column() / Long.SIZE;
      int end = (r + 1) * width;
      for (int from = r * width; from < end; from += Long.SIZE) {
        int count = Math.min(Long.SIZE, end - from);
        spikes.words()[to++] = fireWord(z, v, inverse, threshold, from, count);
      }
    }
  }

  private static long fireWord(
      float[] z, float[] v, float inverse, float threshold, int from, int count) {
    long word = 0;
    for (int i = 0; i < count; i += LANES) {
      FloatVector before = FloatVector.fromArray(S, v, from + i);
      FloatVector difference = FloatVector.fromArray(S, z, from + i).sub(before);
      FloatVector h = before.add(difference.mul(inverse));
      VectorMask<Float> fired = h.compare(VectorOperators.GE, threshold);
      reset(h, fired).intoArray(v, from + i);
      word |= fired.toLong() << i;
    }
    return word;
  }

  private static boolean isPowerOfTwo(float tau) {
    return tau == Math.scalb(1f, Math.getExponent(tau));
  }

  /** One step of folded neurons: {@code z} becomes h, {@code v} becomes v[t]. Never an fma. */
  private static void leakAndReset(float[] z, float[] v, int count, float leak) {
    FloatVector zero = FloatVector.zero(S);
    for (int j = 0; j < count; j += LANES) {
      FloatVector h = FloatVector.fromArray(S, v, j).mul(leak).add(FloatVector.fromArray(S, z, j));
      VectorMask<Float> fired = h.compare(VectorOperators.GE, 1f);
      h.intoArray(z, j);
      h.blend(zero, fired).intoArray(v, j);
    }
  }

  /** A bit for each potential that reaches the threshold. */
  private static void pack(
      float[] h, float threshold, Chunk chunk, PackedSpikes spikes, long firstRow) {
    long[] words = spikes.words();
    for (int r = 0; r < chunk.rows(); r++) {
      int to = spikes.at(firstRow + r) + chunk.column() / Long.SIZE;
      int from = r * chunk.width();
      for (int j = 0; j < chunk.width(); j += Long.SIZE) {
        int count = Math.min(Long.SIZE, chunk.width() - j);
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
  }

  @Override
  public void fireBackward(
      Charge charge, LifNeuron neuron, Tensor gradient, long sample, Optional<GradientSums> sums) {
    Scratch scratch = Scratch.ofThread();
    int steps = charge.timeSteps();
    int stride = CHUNK + Scratch.SLACK;
    float[] potentials = scratch.floats(0, steps * stride);
    float[] v = scratch.floats(1, CHUNK);
    float[] slopes = scratch.floats(2, CHUNK);
    float tau = (float) neuron.tau();
    float threshold = (float) neuron.threshold();
    Chunk c = scratch.chunk;
    FeatureSums adder = scratch.sums.begin(scratch, sums.orElse(null), charge.width());
    for (c.begin(charge.tokens(), charge.width()); c.present(); c.next()) {
      Arrays.fill(v, 0);
      for (int t = 0; t < steps; t++) {
        state(charge, sample, t, c, potentials, t * stride);
        chargeAndReset(potentials, t * stride, v, c.count(), tau, threshold);
      }
      Arrays.fill(v, 0);
      for (int t = steps - 1; t >= 0; t--) {
        long at = charge.at(sample, t) + c.at();
        VectorisedSurrogate.derivatives(neuron, potentials, t * stride, slopes, c.count());
        backwardStep(neuron, potentials, t * stride, gradient.segment(), at, slopes, v, c.count());
        adder.add(gradient.segment(), charge.input().values().segment(), at, c);
      }
    }
    adder.finish((int) sample);
  }

  /** {@code gradient} turns from δs to δz, {@code dv} from that of step t to that of t − 1. */
  private static void backwardStep(
      LifNeuron neuron,
      float[] potentials,
      int from,
      MemorySegment gradient,
      long at,
      float[] slopes,
      float[] dv,
      int count) {
    float threshold = (float) neuron.threshold();
    float tau = (float) neuron.tau();
    float decay = (float) (1 - 1 / neuron.tau());
    boolean throughReset = !neuron.detachReset();
    FloatVector zero = FloatVector.zero(S);
    int j = 0;
    for (; j <= count - LANES; j += LANES) {
      FloatVector h = FloatVector.fromArray(S, potentials, from + j);
      FloatVector slope = FloatVector.fromArray(S, slopes, j);
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
      float h = potentials[from + j];
      float kept = h >= threshold ? 0f : dv[j];
      float dh = get(gradient, at + j) * slopes[j] + kept;
      if (throughReset) {
        dh -= dv[j] * h * slopes[j];
      }
      set(gradient, at + j, dh / tau);
      dv[j] = dh * decay;
    }
  }

  /** The lanes' sum in the lanes' order: the same bits on every run. */
  static float lanes(FloatVector v) {
    float[] lanes = Scratch.ofThread().lanes;
    v.intoArray(lanes, 0);
    float sum = 0;
    for (int i = 0; i < LANES; i++) {
      sum += lanes[i];
    }
    return sum;
  }

  @Override
  public void measureGradient(
      Tensor g, Tensor y, int steps, int tokens, int width, GradientSums sums, int sample) {
    Scratch scratch = Scratch.ofThread();
    Chunk c = scratch.chunk;
    FeatureSums adder = scratch.sums.begin(scratch, sums, width);
    for (int t = 0; t < steps; t++) {
      long step = ((long) sample * steps + t) * tokens * width;
      for (c.begin(tokens, width); c.present(); c.next()) {
        adder.add(g.segment(), y.segment(), step + c.at(), c);
      }
    }
    adder.finish(sample);
  }

  @Override
  public void measure(
      Tensor y, int steps, int tokens, int width, ByFeature by, Moments moments, int sample) {
    Scratch scratch = Scratch.ofThread();
    float[] means = scratch.floats(0, by.features());
    double[] sums = scratch.doubles(0, by.features());
    double[] squares = scratch.doubles(1, by.features());
    double n = (double) steps * tokens * width / by.features();
    columns(y.segment(), steps, tokens, width, by, sample, means, sums, false);
    for (int f = 0; f < by.features(); f++) {
      means[f] = (float) (sums[f] / n);
    }
    columns(y.segment(), steps, tokens, width, by, sample, means, squares, true);
    for (int f = 0; f < by.features(); f++) {
      moments.add(sample, f, sums[f], squares[f] + sums[f] * sums[f] / n);
    }
  }

  /** Adds up by feature: column by column over a feature's rows, then the columns. */
  private static void columns(
      MemorySegment y,
      int steps,
      int tokens,
      int width,
      ByFeature by,
      int sample,
      float[] means,
      double[] totals,
      boolean squared) {
    int features = by.features();
    long first = (long) sample * steps * tokens * width;
    int rows = steps * tokens;
    int stride = width + Scratch.SLACK;
    float[] sums = Scratch.ofThread().floats(1, features * stride);
    Arrays.fill(sums, 0, features * stride, 0f);
    Arrays.fill(totals, 0, features, 0);
    for (int row = 0; row < rows; row++) {
      int f = by.channels() ? 0 : by.ofToken(row % tokens, width);
      long at = first + (long) row * width;
      if (by.channels()) {
        addColumnsByChannel(y, at, width, means, sums, squared);
      } else {
        addColumns(y, at, width, means[f], sums, f * stride, squared);
      }
    }
    for (int c = 0; c < width; c++) {
      if (by.channels()) {
        totals[c] = sums[c];
      } else {
        for (int f = 0; f < features; f++) {
          totals[f] += sums[f * stride + c];
        }
      }
    }
  }

  private static void addColumns(
      MemorySegment y, long at, int width, float mean, float[] sums, int to, boolean squared) {
    int j = 0;
    for (; j <= width - LANES; j += LANES) {
      FloatVector value = load(y, at + j);
      FloatVector sum = FloatVector.fromArray(S, sums, to + j);
      FloatVector d = value.sub(mean);
      (squared ? d.fma(d, sum) : sum.add(value)).intoArray(sums, to + j);
    }
    for (; j < width; j++) {
      float value = get(y, at + j);
      float d = value - mean;
      sums[to + j] = squared ? Math.fma(d, d, sums[to + j]) : sums[to + j] + value;
    }
  }

  private static void addColumnsByChannel(
      MemorySegment y, long at, int width, float[] means, float[] sums, boolean squared) {
    int j = 0;
    for (; j <= width - LANES; j += LANES) {
      FloatVector value = load(y, at + j);
      FloatVector sum = FloatVector.fromArray(S, sums, j);
      FloatVector d = value.sub(FloatVector.fromArray(S, means, j));
      (squared ? d.fma(d, sum) : sum.add(value)).intoArray(sums, j);
    }
    for (; j < width; j++) {
      float value = get(y, at + j);
      float d = value - means[j];
      sums[j] = squared ? Math.fma(d, d, sums[j]) : sums[j] + value;
    }
  }

  @Override
  public void normaliseBackward(
      Tensor g,
      Tensor y,
      int steps,
      int tokens,
      int width,
      ByFeature scale,
      ByFeature meanG,
      ByFeature mean,
      ByFeature slope,
      int sample) {
    MemorySegment gradient = g.segment();
    MemorySegment values = y.segment();
    Chunk c = Scratch.ofThread().chunk;
    for (int t = 0; t < steps; t++) {
      long step = ((long) sample * steps + t) * tokens * width;
      for (c.begin(tokens, width); c.present(); c.next()) {
        long at = step + c.at();
        if (mean.channels()) {
          normaliseByChannel(
              gradient,
              values,
              at,
              c.count(),
              scale.wide(),
              meanG.wide(),
              mean.wide(),
              slope.wide(),
              c.column());
        } else {
          for (int r = 0; r < c.rows(); r++) {
            int f = mean.ofToken(c.token() + r, width);
            normaliseByToken(
                gradient,
                values,
                at + (long) r * c.width(),
                c.width(),
                scale.wide()[f],
                meanG.wide()[f],
                mean.wide()[f],
                slope.wide()[f]);
          }
        }
      }
    }
  }

  private static void normaliseByChannel(
      MemorySegment g,
      MemorySegment y,
      long at,
      int count,
      float[] scale,
      float[] meanG,
      float[] mean,
      float[] slope,
      int column) {
    int j = 0;
    for (; j <= count - LANES; j += LANES) {
      int p = column + j;
      FloatVector distance = load(y, at + j).sub(FloatVector.fromArray(S, mean, p));
      FloatVector centred = load(g, at + j).sub(FloatVector.fromArray(S, meanG, p));
      FloatVector result = centred.sub(distance.mul(FloatVector.fromArray(S, slope, p)));
      store(result.mul(FloatVector.fromArray(S, scale, p)), g, at + j);
    }
    for (; j < count; j++) {
      int p = column + j;
      float distance = get(y, at + j) - mean[p];
      float centred = get(g, at + j) - meanG[p];
      set(g, at + j, scale[p] * (centred - distance * slope[p]));
    }
  }

  private static void normaliseByToken(
      MemorySegment g,
      MemorySegment y,
      long at,
      int count,
      float scale,
      float meanG,
      float mean,
      float slope) {
    int j = 0;
    for (; j <= count - LANES; j += LANES) {
      FloatVector distance = load(y, at + j).sub(mean);
      FloatVector centred = load(g, at + j).sub(meanG);
      store(centred.sub(distance.mul(slope)).mul(scale), g, at + j);
    }
    for (; j < count; j++) {
      float distance = get(y, at + j) - mean;
      float centred = get(g, at + j) - meanG;
      set(g, at + j, scale * (centred - distance * slope));
    }
  }

  @Override
  public void add(Tensor x, long xOffset, Tensor y, long yOffset, long count) {
    for (long done = 0; done < count; done += CHUNK) {
      int part = (int) Math.min(CHUNK, count - done);
      addRow(x.segment(), xOffset + done, y.segment(), yOffset + done, part);
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
  public void meanOverTokens(Spikes spikes, long firstRow, int tokens, Tensor means, long offset) {
    PackedSpikes x = (PackedSpikes) spikes;
    int[] counts = Scratch.ofThread().fired(x.width());
    Arrays.fill(counts, 0, x.width(), 0);
    for (long row = firstRow; row < firstRow + tokens; row++) {
      for (int k = 0; k < x.rowWords(); k++) {
        for (long word = x.words()[x.at(row) + k]; word != 0; word &= word - 1) {
          counts[k * Long.SIZE + Long.numberOfTrailingZeros(word)]++;
        }
      }
    }
    for (int c = 0; c < x.width(); c++) {
      means.set(offset + c, (double) counts[c] / tokens);
    }
  }

  @Override
  public void axis(Spikes x, Tensor w, long wOffset, Tensor y, Grid grid) {
    VectorisedAxis.product((PackedSpikes) x, weights(w, wOffset, grid.features(), false), y, grid);
  }

  @Override
  public void axisInputGradient(Tensor dy, Tensor w, long wOffset, Tensor dx, Grid grid) {
    VectorisedAxis.inputGradient(dy, weights(w, wOffset, grid.features(), true), dx, grid);
  }

  private static float[] weights(Tensor w, long offset, int features, boolean transposed) {
    float[] weights = Scratch.ofThread().floats(7, features * features);
    for (int o = 0; o < features; o++) {
      for (int i = 0; i < features; i++) {
        long at = transposed ? (long) i * features + o : (long) o * features + i;
        weights[o * features + i] = get(w.segment(), offset + at);
      }
    }
    return weights;
  }

  @Override
  public void axisWeightGradient(Spikes x, Tensor dy, Grid grid, Tensor dw, long dwOffset) {
    VectorisedAxis.weightGradient((PackedSpikes) x, dy, grid, dw, dwOffset);
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
}
