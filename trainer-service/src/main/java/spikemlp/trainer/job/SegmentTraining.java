package spikemlp.trainer.job;

import java.util.Optional;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import spikemlp.contract.job.EpochMetrics;
import spikemlp.trainer.job.MetricHistory.StepPoint;
import spikemlp.trainer.job.SegmentReader.PlannedSegment;
import spikemlp.trainer.job.SegmentTraining.Trained;
import spikemlp.trainer.job.TrainingCheckpoint.EpochSums;
import spikemlp.training.Evaluation;
import spikemlp.training.Segment;
import spikemlp.training.TrainingRun;

/**
 * Trains a segment and saves its checkpoint; classifies test images after an epoch's last. A stop
 * request ends the segment after the mini-batch at work: what was trained is kept.
 */
class SegmentTraining implements ItemProcessor<PlannedSegment, Trained> {

  /**
   * A segment trained.
   *
   * @param checkpoint written to disk, not yet committed
   * @param epoch the epoch's metrics if the segment ended it
   * @param point the segment's in the series by step
   */
  record Trained(
      TrainingCheckpoint checkpoint, Optional<EpochMetrics> epoch, Optional<StepPoint> point) {}

  private final RunningJob job;
  private final int curveImages;
  private final ProgressMeter meter;

  SegmentTraining(RunningJob job, int curveImages) {
    this.job = job;
    this.curveImages = curveImages;
    this.meter = new ProgressMeter(job);
  }

  @Override
  public Trained process(PlannedSegment segment) {
    TrainingRun run = job.training();
    EpochSums sums =
        segment.first() % run.batchesPerEpoch() == 0
            ? EpochSums.NONE
            : job.checkpoint().map(TrainingCheckpoint::epoch).orElse(EpochSums.NONE);
    SegmentMeter inSegment = SegmentMeter.of(segment, job.checkpoint());
    double learningRate = 0;
    int done = 0;
    do {
      Segment batch = run.train(1);
      done += batch.batches();
      learningRate = batch.learningRate();
      sums = sums.plus(batch.images(), batch.meanLoss(), batch.accuracy(), batch.nanos());
      inSegment.trained(batch);
      meter.trained(run, batch);
    } while (done < segment.batches() && !job.mustStop());
    boolean epochEnded = run.batchesDone() % run.batchesPerEpoch() == 0;
    if (epochEnded) {
      run.requireConverging(sums.meanLoss());
    }
    String file = "checkpoint-" + run.batchesDone() + ".safetensors";
    run.save(job.file(file));
    Optional<EpochMetrics> epoch =
        epochEnded ? Optional.of(metrics(run, sums, learningRate)) : Optional.empty();
    return new Trained(
        new TrainingCheckpoint(
            file,
            run.batchesDone(),
            epochEnded ? EpochSums.NONE : sums,
            inSegment.brokenOff()),
        epoch,
        Optional.of(inSegment.point(run)));
  }

  private EpochMetrics metrics(TrainingRun run, EpochSums sums, double learningRate) {
    PreparedJob plan = job.prepared();
    int epoch = (int) (run.batchesDone() / run.batchesPerEpoch());
    Evaluation test =
        Evaluation.of(
            run.network(),
            job.data().test().spread(curveImages),
            plan.input(),
            plan.plan().batchSize());
    return new EpochMetrics(
        epoch,
        sums.meanLoss(),
        sums.accuracy(),
        test.accuracy(),
        learningRate,
        sums.imagesPerSecond(),
        test.loss());
  }
}
