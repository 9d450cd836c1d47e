package spikemlp.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import jdk.incubator.vector.FloatVector;
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

  static void store(FloatVector v, MemorySegment m, long i) {
    v.intoMemorySegment(m, i * Float.BYTES, ORDER);
  }

  static float get(MemorySegment m, long i) {
    return m.get(FLOAT, i * Float.BYTES);
  }

  static void set(MemorySegment m, long i, float value) {
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
  public InputGradient inputGradient(Tensor weights, long offset, int outputs, int inputs) {
    return new VectorisedInputGradient(weights, offset, outputs, inputs);
  }

  @Override
  public void combine(Charge charge, Tensor state, long sample) {
    Scratch scratch = Scratch.ofThread();
    Chunk c = scratch.chunk;
    float[] z = scratch.floats(0, charge.timeSteps() * VectorisedCharge.STRIDE);
    for (c.begin(charge.tokens(), charge.width()); c.present(); c.next()) {
      VectorisedCharge.states(charge, sample, c, z);
      for (int t = 0; t < charge.timeSteps(); t++) {
        int from = VectorisedCharge.step(t);
        copyOut(z, from, c.count(), state, charge.at(sample, t) + c.at());
      }
    }
  }

  private static void copyOut(float[] values, int from, int count, Tensor target, long offset) {
    MemorySegment.copy(
        values, from, target.segment(), ValueLayout.JAVA_FLOAT, offset * Float.BYTES, count);
  }

  @Override
  public void fire(Charge charge, LifNeuron neuron, Spikes spikes, long sample) {
    VectorisedNeurons.fire(charge, neuron, (PackedSpikes) spikes, sample);
  }

  @Override
  public void fireFolded(Charge charge, LifNeuron neuron, Spikes spikes, long sample) {
    VectorisedNeurons.fireFolded(charge, neuron, (PackedSpikes) spikes, sample);
  }

  @Override
  public void fireBackward(
      Charge charge, LifNeuron neuron, Tensor gradient, long sample, Optional<GradientSums> sums) {
    VectorisedNeurons.fireBackward(charge, neuron, gradient, sample, sums);
  }

  /** The lanes' sum in the lanes' order: the same bits on every run. */
  static float lanes(FloatVector v, Scratch scratch) {
    float[] lanes = scratch.lanes;
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
    int stride = tokens * width;
    for (c.begin(tokens, width); c.present(); c.next()) {
      long at = (long) sample * steps * stride + c.at();
      adder.enter(c);
      adder.add(g.segment(), y.segment(), at, stride, steps, c.count());
      adder.leave(c);
    }
    adder.finish(sample);
  }

  @Override
  public void measure(
      Tensor y, int steps, int tokens, int width, ByFeature by, Moments moments, int sample) {
    VectorisedNorm.measure(y, steps, tokens, width, by, moments, sample);
  }

  @Override
  public void normaliseBackward(
      Tensor g, Tensor y, long firstRow, int rows, int width, NormGradient norm) {
    VectorisedNorm.backward(g, y, firstRow, rows, width, norm);
  }

  @Override
  public OutputGradient outputGradient(
      Tensor g, Tensor y, long firstRow, int rows, int width, NormGradient norm) {
    VectorisedOutputGradient made = Scratch.ofThread().outputGradient;
    made.normalise(g.segment(), y.segment(), firstRow, rows, width, norm);
    return made;
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
      long from,
      long count,
      double learningRate,
      double momentum,
      double weightDecay) {
    VectorisedDescent.sgd(
        w.segment(),
        g.segment(),
        m.segment(),
        from,
        count,
        (float) learningRate,
        (float) momentum,
        (float) weightDecay);
  }

  @Override
  public void descendAdamW(
      Tensor w, Tensor g, Tensor m, Tensor v, long from, long count, AdamWStep step) {
    VectorisedDescent.adamW(w.segment(), g.segment(), m.segment(), v.segment(), from, count, step);
  }

  @Override
  public void average(Tensor average, Tensor w, long count, double decay) {
    VectorisedDescent.average(average.segment(), w.segment(), count, (float) (1 - decay));
  }

  @Override
  public double squaredNorm(Tensor g, long count) {
    return VectorisedDescent.squaredNorm(g.segment(), count);
  }

  @Override
  public void scale(Tensor g, long count, double factor) {
    VectorisedDescent.scale(g.segment(), count, (float) factor);
  }
}
