package spikemlp.benchmark.kernel;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What one thread of the machine can do at most: arithmetic without memory, memory without it. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MachineLimits {

  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int STEPS = 1 << 16;
  private static final int CHAINS = 12;
  private static final int NUMBERS = 24 << 20;

  /** Floating-point operations of a call of {@link #fma}. */
  static final double FMA_FLOPS = 2.0 * STEPS * CHAINS * S.length();

  /** Bytes of a call of {@link #triad}: two read, one fetched to be written, one written. */
  static final double TRIAD_BYTES = 4.0 * Float.BYTES * NUMBERS;

  /** As many chains as keep every unit busy while their results are on the way. */
  @Benchmark
  public float fma() {
    FloatVector m = FloatVector.broadcast(S, 0.999f);
    FloatVector n = FloatVector.broadcast(S, 0.001f);
    FloatVector a = FloatVector.broadcast(S, 1);
    FloatVector b = FloatVector.broadcast(S, 2);
    FloatVector c = FloatVector.broadcast(S, 3);
    FloatVector d = FloatVector.broadcast(S, 4);
    FloatVector e = FloatVector.broadcast(S, 5);
    FloatVector f = FloatVector.broadcast(S, 6);
    FloatVector g = FloatVector.broadcast(S, 7);
    FloatVector h = FloatVector.broadcast(S, 8);
    FloatVector i = FloatVector.broadcast(S, 9);
    FloatVector j = FloatVector.broadcast(S, 10);
    FloatVector k = FloatVector.broadcast(S, 11);
    FloatVector l = FloatVector.broadcast(S, 12);
    for (int step = 0; step < STEPS; step++) {
      a = a.fma(m, n);
      b = b.fma(m, n);
      c = c.fma(m, n);
      d = d.fma(m, n);
      e = e.fma(m, n);
      f = f.fma(m, n);
      g = g.fma(m, n);
      h = h.fma(m, n);
      i = i.fma(m, n);
      j = j.fma(m, n);
      k = k.fma(m, n);
      l = l.fma(m, n);
    }
    FloatVector sum = a.add(b).add(c).add(d).add(e).add(f);
    return sum.add(g).add(h).add(i).add(j).add(k).add(l).reduceLanes(VectorOperators.ADD);
  }

  /** Arrays far larger than a cache. */
  @State(Scope.Thread)
  @SuppressWarnings("NullAway.Init") // JMH calls prepare() before anything else
  public static class Streams {

    private float[] a;
    private float[] b;
    private float[] c;

    @Setup(Level.Trial)
    public void prepare() {
      a = new float[NUMBERS];
      b = new float[NUMBERS];
      c = new float[NUMBERS];
      Arrays.fill(b, 1);
      Arrays.fill(c, 2);
    }
  }

  @Benchmark
  public float[] triad(Streams arrays) {
    float[] a = arrays.a;
    float[] b = arrays.b;
    float[] c = arrays.c;
    for (int i = 0; i < NUMBERS; i++) {
      a[i] = b[i] + 3 * c[i];
    }
    return a;
  }
}
