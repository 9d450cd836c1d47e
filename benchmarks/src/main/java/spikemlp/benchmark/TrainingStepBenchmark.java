package spikemlp.benchmark;

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
import spikemlp.contract.image.InputSpec;
import spikemlp.data.ImageDataSet;
import spikemlp.training.Segment;
import spikemlp.training.TrainingRun;

/** One training step of the small preset: load, augment, forward, backward, descend. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class TrainingStepBenchmark {

  /** T. */
  @Param({"1", "4"})
  public int timeSteps;

  /** B. */
  @Param({"64"})
  public int batchSize;

  @SuppressWarnings("NullAway.Init") // JMH calls start() before anything else
  private TrainingRun run;

  @Setup(Level.Trial)
  public void start() {
    ImageDataSet digits = SmallPreset.digits(16 * batchSize);
    run =
        TrainingRun.start(
            SmallPreset.network(timeSteps),
            SmallPreset.plan(batchSize),
            digits,
            digits.inputSpec(InputSpec.Fit.COVER));
  }

  @Benchmark
  public Segment step() {
    return run.train(1);
  }

  @TearDown(Level.Trial)
  public void close() {
    run.close();
  }
}
