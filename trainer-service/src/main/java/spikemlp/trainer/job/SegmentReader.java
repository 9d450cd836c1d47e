package spikemlp.trainer.job;

import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamReader;
import spikemlp.trainer.job.SegmentReader.Work;
import spikemlp.training.TrainingRun;

/**
 * Reads a job's training as segments of {@code segmentBatches} mini-batches, counted from the
 * epoch's beginning, and after these the epoch's test; an epoch's last segment may be shorter, and
 * so is what is left of one that was broken off. Where a restart begins is written in the last
 * committed checkpoint, which knows order, augmentation and momentum too, and whether the epoch
 * that it ends is still to be tested.
 */
class SegmentReader implements ItemStreamReader<Work> {

  /** What one chunk does. */
  sealed interface Work permits PlannedSegment, EpochTest {}

  /**
   * Consecutive mini-batches of one epoch.
   *
   * @param first the first one's index, over all epochs
   * @param batches how many
   */
  record PlannedSegment(long first, int batches) implements Work {}

  /** The test after an epoch, whose mini-batches are all trained and committed. */
  record EpochTest(int epoch) implements Work {}

  /** The key under which Batch's own tables show how far training has come. */
  static final String BATCHES_DONE = "batchesDone";

  private final RunningJob job;
  private final int segmentBatches;

  SegmentReader(RunningJob job, int segmentBatches) {
    this.job = job;
    this.segmentBatches = segmentBatches;
  }

  @Override
  public void open(ExecutionContext context) {
    TrainingRun run = job.training();
    if (run.batchesInAll() == 0) {
      throw new IllegalArgumentException(
          "the data set has "
              + job.prepared().trainImages()
              + " training images, too few for a mini-batch; two are the least");
    }
  }

  @Override
  public @Nullable Work read() {
    TrainingRun run = job.training();
    if (run.batchesDone() > 0
        && run.batchesDone() % run.batchesPerEpoch() == 0
        && job.checkpoint().filter(kept -> kept.epoch().images() > 0).isPresent()) {
      return new EpochTest((int) (run.batchesDone() / run.batchesPerEpoch()));
    }
    if (run.done()) {
      return null;
    }
    long doneInEpoch = run.batchesDone() % run.batchesPerEpoch();
    long leftInSegment = segmentBatches - doneInEpoch % segmentBatches;
    return new PlannedSegment(
        run.batchesDone(), (int) Math.min(leftInSegment, run.batchesPerEpoch() - doneInEpoch));
  }

  @Override
  public void update(ExecutionContext context) {
    context.putLong(BATCHES_DONE, job.training().batchesDone());
  }
}
