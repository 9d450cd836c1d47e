package spikemlp.kernel;

import jdk.incubator.vector.FloatVector;

/**
 * A thread's work arrays, kept from call to call and grown when needed. Each is used within one
 * kernel's call and holds nothing afterwards, but for the {@link OutputGradient}.
 */
final class Scratch {

  private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);

  /**
   * Where the kernels' arrays begin to be used: at a boundary of whole vectors, so that none of
   * them lies across two lines of the cache, provided that objects lie at such boundaries too
   * ({@code -XX:ObjectAlignmentInBytes=32}). An array's numbers begin 16 bytes into its object.
   */
  static final int START = Math.max(0, FloatVector.SPECIES_PREFERRED.length() - 16 / Float.BYTES);

  /**
   * Beyond the numbers asked for, so that whole vectors may be read and written, from {@link
   * #START} on.
   */
  static final int SLACK = 64;

  private final float[][] floats = new float[8][0];
  private final double[][] doubles = new double[2][0];
  private int[] fired = {};
  private int[] starts = {};
  private long[] bits = {};
  final float[] lanes = new float[SLACK];
  final FeatureSums sums = new FeatureSums();
  final Chunk chunk = new Chunk();
  final VectorisedOutputGradient outputGradient = new VectorisedOutputGradient();

  private Scratch() {}

  static Scratch ofThread() {
    return OF_THREAD.get();
  }

  /** Array number {@code which}, of at least {@code size} numbers and the slack. */
  float[] floats(int which, int size) {
    float[] array = floats[which];
    if (array.length < size + SLACK) {
      array = new float[size + SLACK];
      floats[which] = array;
    }
    return array;
  }

  /** Array number {@code which}, of at least {@code size} numbers. */
  double[] doubles(int which, int size) {
    if (doubles[which].length < size) {
      doubles[which] = new double[size];
    }
    return doubles[which];
  }

  int[] fired(int size) {
    if (fired.length < size) {
      fired = new int[size];
    }
    return fired;
  }

  long[] bits(int size) {
    if (bits.length < size) {
      bits = new long[size];
    }
    return bits;
  }

  int[] starts(int size) {
    if (starts.length < size) {
      starts = new int[size];
    }
    return starts;
  }
}
