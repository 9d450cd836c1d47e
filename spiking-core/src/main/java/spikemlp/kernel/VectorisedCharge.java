package spikemlp.kernel;

import java.lang.foreign.MemorySegment;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The states z of a chunk of neurons over T: the input and the skips, each normalised on its way. A
 * place's scale and shift stay in registers while T passes.
 */
final class VectorisedCharge {

  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = S.length();

  /**
   * Between the steps' states in a work array. Not a power of two, which would share cache sets.
   */
  static final int STRIDE = ByFeature.CHUNK + Scratch.SLACK;

  private VectorisedCharge() {}

  /** Where step t's states begin in a work array. */
  static int step(int t) {
    return Scratch.START + t * STRIDE;
  }

  /** z of a chunk: of step t from {@link #step} on. */
  static void states(Charge charge, long sample, Chunk chunk, float[] z) {
    take(charge.input(), charge, sample, chunk, z, false);
    List<Current> skips = charge.skips();
    for (int i = 0; i < skips.size(); i++) {
      take(skips.get(i), charge, sample, chunk, z, true);
    }
  }

  /** z = a current, or z += it. */
  private static void take(
      Current current, Charge charge, long sample, Chunk chunk, float[] z, boolean add) {
    long at = current.offset(sample, 0, charge.timeSteps(), charge.neurons()) + chunk.at();
    MemorySegment y = current.values().segment();
    int steps = charge.timeSteps();
    int stride = current.everyStep() ? charge.neurons() : 0;
    if (current.affine().isEmpty()) {
      plain(y, at, stride, steps, chunk.count(), z, add);
      return;
    }
    Affine affine = current.affine().get();
    float[] scale = affine.scale().wide();
    float[] shift = affine.shift().wide();
    if (affine.scale().channels()) {
      byChannel(y, at, stride, steps, chunk.count(), scale, shift, chunk.column(), z, add);
      return;
    }
    for (int r = 0; r < chunk.rows(); r++) {
      int f = affine.scale().ofToken(chunk.token() + r, charge.width());
      byToken(y, at, stride, steps, r * chunk.width(), chunk.width(), scale[f], shift[f], z, add);
    }
  }

  private static void plain(
      MemorySegment y, long at, int stride, int steps, int count, float[] z, boolean add) {
    int j = 0;
    for (; j <= count - LANES; j += LANES) {
      long from = at + j;
      for (int t = 0; t < steps; t++) {
        keep(VectorisedKernels.load(y, from), z, step(t) + j, add);
        from += stride;
      }
    }
    for (; j < count; j++) {
      for (int t = 0; t < steps; t++) {
        keep(VectorisedKernels.get(y, at + (long) t * stride + j), z, t, j, add);
      }
    }
  }

  private static void byChannel(
      MemorySegment y,
      long at,
      int stride,
      int steps,
      int count,
      float[] scale,
      float[] shift,
      int column,
      float[] z,
      boolean add) {
    int j = 0;
    for (; j <= count - LANES; j += LANES) {
      FloatVector scales = FloatVector.fromArray(S, scale, column + j);
      FloatVector shifts = FloatVector.fromArray(S, shift, column + j);
      long from = at + j;
      for (int t = 0; t < steps; t++) {
        keep(VectorisedKernels.load(y, from).fma(scales, shifts), z, step(t) + j, add);
        from += stride;
      }
    }
    for (; j < count; j++) {
      for (int t = 0; t < steps; t++) {
        float value = VectorisedKernels.get(y, at + (long) t * stride + j);
        keep(Math.fma(value, scale[column + j], shift[column + j]), z, t, j, add);
      }
    }
  }

  private static void byToken(
      MemorySegment y,
      long at,
      int stride,
      int steps,
      int first,
      int count,
      float scale,
      float shift,
      float[] z,
      boolean add) {
    FloatVector scales = FloatVector.broadcast(S, scale);
    FloatVector shifts = FloatVector.broadcast(S, shift);
    int end = first + count;
    int j = first;
    for (; j <= end - LANES; j += LANES) {
      long from = at + j;
      for (int t = 0; t < steps; t++) {
        keep(VectorisedKernels.load(y, from).fma(scales, shifts), z, step(t) + j, add);
        from += stride;
      }
    }
    for (; j < end; j++) {
      for (int t = 0; t < steps; t++) {
        float value = VectorisedKernels.get(y, at + (long) t * stride + j);
        keep(Math.fma(value, scale, shift), z, t, j, add);
      }
    }
  }

  private static void keep(FloatVector value, float[] z, int to, boolean add) {
    (add ? FloatVector.fromArray(S, z, to).add(value) : value).intoArray(z, to);
  }

  private static void keep(float value, float[] z, int t, int j, boolean add) {
    int to = step(t) + j;
    z[to] = add ? z[to] + value : value;
  }
}
