package spikemlp.trainer.job;

import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import spikemlp.contract.job.EpochMetrics;
import spikemlp.data.ImageDataSet;
import spikemlp.trainer.job.MetricHistory.StepPoint;
import spikemlp.trainer.job.SegmentReader.EpochTest;
import spikemlp.trainer.job.SegmentReader.PlannedSegment;
import spikemlp.trainer.job.SegmentReader.Work;
import spikemlp.trainer.job.SegmentTraining.Trained;
import spikemlp.trainer.job.TrainingCheckpoint.EpochSums;
import spikemlp.training.Evaluation;
import spikemlp.training.Segment;
import spikemlp.training.TrainingRun;

/**
 * Trains a segment and saves its checkpoint, or classifies test images after an epoch. A stop
 * request ends a segment after the mini-batch at work: what was trained is kept. A test that it
 * ends is made again when the job goes on.
 */
class SegmentTraining implements ItemProcessor<Work, Trained> {

  /**
   * What is to be committed.
   *
   * @param checkpoint written to disk, not yet committed
   * @param epoch the metrics of an epoch that was tested
   * @param point the segment's in the series by step
   */
  record Trained(
      TrainingCheckpoint checkpoint, Optional<EpochMetrics> epoch, Optional<StepPoint> point) {}

  private final RunningJob job;
  private final int curveImages;
  private final ProgressMeter meter;
  private final TrainerMetrics metrics;

  SegmentTraining(RunningJob job, int curveImages, TrainerMetrics metrics) {
    this.job = job;
    this.curveImages = curveImages;
    this.meter = new ProgressMeter(job);
    this.metrics = metrics;
  }

  @Override
  public @Nullable Trained process(Work work) {
    return switch (work) {
      case PlannedSegment segment -> trained(segment);
      case EpochTest test -> tested(test);
    };
  }

  private Trained trained(PlannedSegment segment) {
    TrainingRun run = job.training();
    EpochSums sums =
        segment.first() % run.batchesPerEpoch() == 0
            ? EpochSums.NONE
            : job.checkpoint().map(TrainingCheckpoint::epoch).orElse(EpochSums.NONE);
    SegmentMeter inSegment = SegmentMeter.of(segment, job.checkpoint());
    int done = 0;
    do {
      Segment batch = run.train(1);
      done += batch.batches();
      sums = sums.plus(batch.images(), batch.meanLoss(), batch.accuracy(), batch.nanos());
      inSegment.trained(batch);
      meter.trained(run, batch);
      metrics.trained(batch);
    } while (done < segment.batches() && !job.mustStop());
    if (run.batchesDone() % run.batchesPerEpoch() == 0) {
      run.requireConverging(sums.meanLoss());
    }
    String file = "checkpoint-" + run.batchesDone() + ".safetensors";
    metrics.saving(() -> run.save(job.file(file)));
    return new Trained(
        new TrainingCheckpoint(file, run.batchesDone(), sums, inSegment.brokenOff()),
        Optional.empty(),
        Optional.of(inSegment.point(run)));
  }

  private @Nullable Trained tested(EpochTest epoch) {
    try {
      return new Trained(afterTest(), Optional.of(test(epoch)), Optional.empty());
    } catch (CancellationException e) {
      return null; // nothing to commit
    }
  }

  private TrainingCheckpoint afterTest() {
    TrainingCheckpoint trained = job.checkpoint().orElseThrow();
    return new TrainingCheckpoint(trained.file(), trained.batches(), EpochSums.NONE);
  }

  private EpochMetrics test(EpochTest epoch) {
    TrainingRun run = job.training();
    EpochSums sums = job.checkpoint().orElseThrow().epoch();
    ImageDataSet images = job.data().test().spread(curveImages);
    Evaluation test =
        Evaluation.of(
            run.network(),
            images,
            job.prepared().input(),
            job.prepared().plan().batchSize(),
            job::mustStop);
    return new EpochMetrics(
        epoch.epoch(),
        sums.meanLoss(),
        sums.accuracy(),
        test.accuracy(),
        run.learningRate(),
        sums.imagesPerSecond(),
        test.loss());
  }
}
