package spikemlp.benchmark.kernel;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import spikemlp.kernel.Grid;
import spikemlp.kernel.Kernels;
import spikemlp.kernel.Spikes;
import spikemlp.kernel.Tensor;

/** The products of the token block, along H and along W. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls prepare() before anything else
public class AxisKernels {

  private static final long SAMPLE = (long) FirstStage.ROWS * FirstStage.CHANNELS;

  @Param public Implementation implementation;

  @Param public Axis axis;

  private Kernels kernels;
  private Spikes x;
  private Tensor w;
  private Tensor dw;
  private Tensor y;
  private Tensor dx;
  private int first;

  /** Along which tokens are mixed. */
  public enum Axis {
    H(FirstStage.TIME_STEPS, FirstStage.HEIGHT, FirstStage.WIDTH * FirstStage.CHANNELS),
    W(FirstStage.TIME_STEPS * FirstStage.HEIGHT, FirstStage.WIDTH, FirstStage.CHANNELS);

    private final int blocks;
    private final int features;
    private final int inner;

    Axis(int blocks, int features, int inner) {
      this.blocks = blocks;
      this.features = features;
      this.inner = inner;
    }

    int features() {
      return features;
    }
  }

  @Setup(Level.Trial)
  public void prepare() {
    kernels = implementation.kernels();
    x = FirstStage.spikes(kernels, implementation.samples(), FirstStage.CHANNELS);
    w = FirstStage.numbers((long) axis.features * axis.features);
    dw = FirstStage.numbers(w.size());
    y = FirstStage.numbers(implementation.samples() * SAMPLE);
    dx = FirstStage.numbers(y.size());
  }

  /** The next batch. */
  private Grid next() {
    Grid grid =
        new Grid(first * SAMPLE, implementation.batch() * axis.blocks, axis.features, axis.inner);
    first = implementation.after(first);
    return grid;
  }

  @Benchmark
  public Tensor forward() {
    kernels.axis(x, w, 0, y, next());
    return y;
  }

  @Benchmark
  public Tensor inputGradient() {
    kernels.axisInputGradient(y, w, 0, dx, next());
    return dx;
  }

  @Benchmark
  public Tensor weightGradient() {
    kernels.axisWeightGradient(x, y, next(), dw, 0);
    return dw;
  }

  @TearDown(Level.Trial)
  public void close() {
    w.close();
    dw.close();
    y.close();
    dx.close();
  }
}
