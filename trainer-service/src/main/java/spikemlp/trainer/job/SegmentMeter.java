package spikemlp.trainer.job;

import java.util.Optional;
import java.util.OptionalLong;
import spikemlp.contract.job.StepMetrics;
import spikemlp.trainer.job.MetricHistory.StepPoint;
import spikemlp.trainer.job.SegmentReader.PlannedSegment;
import spikemlp.trainer.job.TrainingCheckpoint.EpochSums;
import spikemlp.training.Segment;
import spikemlp.training.TrainingRun;

/**
 * Turns a segment's mini-batches into its point of the series by step. A segment that was broken
 * off goes on with the sums that its checkpoint kept, so that its point is in the end that of a
 * segment which never was. Mutable; one thread.
 */
final class SegmentMeter {

  private final PlannedSegment segment;
  private final boolean goesOn;
  private EpochSums sums;
  private int batches;
  private double learningRate;

  private SegmentMeter(PlannedSegment segment, EpochSums before) {
    this.segment = segment;
    this.goesOn = before.images() > 0;
    this.sums = before;
  }

  static SegmentMeter of(PlannedSegment segment, Optional<TrainingCheckpoint> checkpoint) {
    return new SegmentMeter(
        segment, checkpoint.map(TrainingCheckpoint::brokenOff).orElse(EpochSums.NONE));
  }

  void trained(Segment batch) {
    batches += batch.batches();
    learningRate = batch.learningRate();
    sums = sums.plus(batch.images(), batch.meanLoss(), batch.accuracy(), batch.nanos());
  }

  /** What a checkpoint keeps of the segment: nothing if it is whole. */
  EpochSums brokenOff() {
    return batches < segment.batches() ? sums : EpochSums.NONE;
  }

  /** The point of what has been trained. */
  StepPoint point(TrainingRun run) {
    return new StepPoint(
        new StepMetrics(
            run.batchesDone(),
            (int) ((run.batchesDone() - 1) / run.batchesPerEpoch()) + 1,
            sums.meanLoss(),
            sums.accuracy(),
            learningRate,
            sums.imagesPerSecond()),
        goesOn ? OptionalLong.of(segment.first()) : OptionalLong.empty());
  }
}
