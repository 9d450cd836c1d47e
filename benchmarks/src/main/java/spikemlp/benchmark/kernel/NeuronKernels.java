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
import spikemlp.kernel.Affine;
import spikemlp.kernel.ByFeature;
import spikemlp.kernel.Charge;
import spikemlp.kernel.Current;
import spikemlp.kernel.Kernels;
import spikemlp.kernel.Kernels.GradientSums;
import spikemlp.kernel.Moments;
import spikemlp.kernel.NormGradient;
import spikemlp.kernel.Precision;
import spikemlp.kernel.Spikes;
import spikemlp.kernel.Tensor;

/** The loops over neurons, 96 channels normalised by channel. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls prepare() before anything else
public class NeuronKernels {

  private static final long SAMPLE = (long) FirstStage.ROWS * FirstStage.CHANNELS;
  private static final int HALVINGS = 16;
  private static final double SMALL = 1e-3;

  @Param public Implementation implementation;

  private Kernels kernels;
  private Tensor y;
  private Tensor gradient;
  private Affine affine;
  private Charge charge;
  private Spikes spikes;
  private ByFeature mean;
  private ByFeature one;
  private ByFeature small;
  private ByFeature tokenRows;
  private Moments moments;
  private int first;

  @Setup(Level.Trial)
  public void prepare() {
    kernels = implementation.kernels();
    long size = implementation.samples() * SAMPLE;
    y = FirstStage.numbers(size);
    gradient = FirstStage.numbers(size);
    affine = new Affine(byChannel(1), byChannel(0));
    charge =
        new Charge(
            FirstStage.TIME_STEPS,
            FirstStage.TOKENS,
            FirstStage.CHANNELS,
            Current.normalised(y, affine),
            List.of());
    spikes =
        kernels.spikes((long) implementation.samples() * FirstStage.ROWS, 1, FirstStage.CHANNELS);
    mean = byChannel(0);
    one = byChannel(1);
    small = byChannel(SMALL);
    tokenRows =
        new ByFeature(Precision.SINGLE, FirstStage.HEIGHT, FirstStage.WIDTH * FirstStage.CHANNELS);
    moments = new Moments(implementation.samples(), FirstStage.CHANNELS);
    shiftToFiringRate();
  }

  private static ByFeature byChannel(double value) {
    ByFeature numbers = new ByFeature(Precision.SINGLE, FirstStage.CHANNELS, 1);
    numbers.fill(value);
    return numbers;
  }

  /** Finds the shift at which a sample fires at the rate, which grows with it. */
  private void shiftToFiringRate() {
    double low = -4;
    double high = 4;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      affine.shift().fill(middle);
      kernels.fire(charge, FirstStage.NEURON, spikes, 0);
      if (spikes.count(0, FirstStage.ROWS) < FirstStage.FIRING_RATE * SAMPLE) {
        low = middle;
      } else {
        high = middle;
      }
    }
  }

  /** The gradient that the call before left is made as new, or it would fade to nothing. */
  @State(Scope.Thread)
  public static class FreshGradient {

    private Tensor original;

    @Setup(Level.Trial)
    public void prepare(NeuronKernels kernels) {
      original = FirstStage.numbers(kernels.implementation.batch() * SAMPLE);
    }

    @Setup(Level.Invocation)
    public void renew(NeuronKernels kernels) {
      Implementation on = kernels.implementation;
      int before = (kernels.first - on.batch() + on.samples()) % on.samples();
      kernels.gradient.copyFrom(original, 0, before * SAMPLE, original.size());
    }

    @TearDown(Level.Trial)
    public void close() {
      original.close();
    }
  }

  @FunctionalInterface
  private interface OfSample {
    void run(int sample);
  }

  private void forBatch(OfSample task) {
    for (int sample = first; sample < first + implementation.batch(); sample++) {
      task.run(sample);
    }
    first = implementation.after(first);
  }

  @Benchmark
  public Spikes fire() {
    forBatch(sample -> kernels.fire(charge, FirstStage.NEURON, spikes, sample));
    return spikes;
  }

  @Benchmark
  public Tensor fireBackward(FreshGradient fresh) {
    Optional<GradientSums> sums = Optional.of(new GradientSums(mean, moments));
    forBatch(sample -> {
      moments.clear(sample);
      kernels.fireBackward(charge, FirstStage.NEURON, gradient, sample, sums);
    });
    return fresh.original;
  }

  @Benchmark
  public Tensor normaliseBackward() {
    forBatch(sample ->
        kernels.normaliseBackward(
            gradient,
            y,
            (long) sample * FirstStage.ROWS,
            FirstStage.ROWS,
            FirstStage.CHANNELS,
            new NormGradient(one, small, mean, small)));
    return gradient;
  }

  /** By row of tokens, as the normalisation of token mixing over H has it. */
  @Benchmark
  public Moments measure() {
    forBatch(sample -> {
      moments.clear(sample);
      kernels.measure(
          y,
          FirstStage.TIME_STEPS,
          FirstStage.TOKENS,
          FirstStage.CHANNELS,
          tokenRows,
          moments,
          sample);
    });
    return moments;
  }

  @Benchmark
  public Moments measureGradient() {
    GradientSums sums = new GradientSums(mean, moments);
    forBatch(sample -> {
      moments.clear(sample);
      kernels.measureGradient(
          gradient, y, FirstStage.TIME_STEPS, FirstStage.TOKENS, FirstStage.CHANNELS, sums, sample);
    });
    return moments;
  }

  @TearDown(Level.Trial)
  public void close() {
    y.close();
    gradient.close();
  }
}
