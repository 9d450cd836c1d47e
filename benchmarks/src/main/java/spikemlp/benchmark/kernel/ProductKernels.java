package spikemlp.benchmark.kernel;

import java.util.List;
import java.util.Optional;
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
import spikemlp.kernel.ByFeature;
import spikemlp.kernel.InputGradient;
import spikemlp.kernel.Kernels;
import spikemlp.kernel.Moments;
import spikemlp.kernel.NormGradient;
import spikemlp.kernel.OutputGradient;
import spikemlp.kernel.SpikeProduct;
import spikemlp.kernel.Tensor;

/** The products of the channel block: those of spikes, and the dense one of gradients. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls prepare() before anything else
public class ProductKernels {

  /** Of backward at a time: their gradient is in the second-level cache, as in a step. */
  private static final int ROWS = OutputGradient.ROWS;

  @Param public Implementation implementation;

  @Param public Layer layer;

  private SpikeProduct product;
  private Tensor weights;
  private Tensor x;
  private Tensor y;
  private Moments moments;
  private InputGradient dense;
  private OutputGradient gradient;
  private int first;

  /** A fully connected layer of the channel block. */
  public enum Layer {
    FIRST(FirstStage.CHANNELS, FirstStage.HIDDEN),
    SECOND(FirstStage.HIDDEN, FirstStage.CHANNELS);

    private final int inputs;
    private final int outputs;

    Layer(int inputs, int outputs) {
      this.inputs = inputs;
      this.outputs = outputs;
    }

    int inputs() {
      return inputs;
    }

    int outputs() {
      return outputs;
    }
  }

  @Setup(Level.Trial)
  public void prepare() {
    Kernels kernels = implementation.kernels();
    int samples = implementation.samples();
    long rows = (long) samples * FirstStage.ROWS;
    weights = FirstStage.numbers((long) layer.inputs * layer.outputs);
    x = FirstStage.numbers(rows * layer.inputs);
    y = FirstStage.numbers(rows * layer.outputs);
    moments = new Moments(samples, layer.outputs);
    product =
        kernels.product(
            weights,
            List.of(new SpikeProduct.Part(FirstStage.spikes(kernels, samples, layer.inputs), 0)),
            layer.outputs,
            1);
    product.prepare(0, 1);
    product.clearGradient(0);
    dense = kernels.inputGradient(weights, 0, layer.outputs, layer.inputs);
    dense.prepare(0, 1);
    ByFeature zero = new ByFeature(kernels.precision(), layer.outputs, 1);
    ByFeature one = new ByFeature(kernels.precision(), layer.outputs, 1);
    one.fill(1);
    NormGradient norm = new NormGradient(one, zero, zero, zero);
    gradient = kernels.outputGradient(y, y, 0, ROWS, layer.outputs, norm);
  }

  @Benchmark
  public Tensor forward() {
    Optional<Moments> sums = Optional.of(moments);
    for (int sample = first; sample < first + implementation.batch(); sample++) {
      moments.clear(sample);
      product.forward((long) sample * FirstStage.ROWS, FirstStage.ROWS, y, sample, sums);
    }
    first = implementation.after(first);
    return y;
  }

  @Benchmark
  public SpikeProduct weightGradient() {
    product.clearGradient(0);
    for (int sample = first; sample < first + implementation.batch(); sample++) {
      for (int row = 0; row < FirstStage.ROWS; row += ROWS) {
        product.weightGradient(0, gradient, (long) sample * FirstStage.ROWS + row, ROWS);
      }
    }
    first = implementation.after(first);
    return product;
  }

  @Benchmark
  public Tensor inputGradient() {
    for (int sample = first; sample < first + implementation.batch(); sample++) {
      for (int row = 0; row < FirstStage.ROWS; row += ROWS) {
        dense.apply(gradient, 0, x, (long) sample * FirstStage.ROWS + row, ROWS);
      }
    }
    first = implementation.after(first);
    return x;
  }

  @TearDown(Level.Trial)
  public void close() {
    weights.close();
    x.close();
    y.close();
  }
}
