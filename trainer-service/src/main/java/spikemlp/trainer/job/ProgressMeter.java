package spikemlp.trainer.job;

import spikemlp.contract.job.JobProgress;
import spikemlp.trainer.job.TrainingCheckpoint.EpochSums;
import spikemlp.training.Segment;
import spikemlp.training.TrainingRun;

/** Turns trained mini-batches into a job's progress, no more than once a second. */
final class ProgressMeter {

  private static final long INTERVAL_NANOS = 1_000_000_000L;

  private final RunningJob job;
  private EpochSums sums = EpochSums.NONE;
  private long batches;
  private final Pace pace = new Pace();

  ProgressMeter(RunningJob job) {
    this.job = job;
  }

  void trained(TrainingRun run, Segment segment) {
    sums = sums.plus(segment.images(), segment.meanLoss(), segment.accuracy(), segment.nanos());
    batches += segment.batches();
    if (sums.nanos() < INTERVAL_NANOS && !run.done()) {
      return;
    }
    pace.add(sums.nanos() / 1e9 / batches);
    job.progress(
        new JobProgress(
            TrainingSteps.TRAIN,
            (int) ((run.batchesDone() - 1) / run.batchesPerEpoch()) + 1,
            job.prepared().plan().epochs(),
            run.batchesDone(),
            run.batchesInAll(),
            sums.meanLoss(),
            sums.accuracy(),
            sums.imagesPerSecond(),
            pace.median() * (run.batchesInAll() - run.batchesDone())));
    sums = EpochSums.NONE;
    batches = 0;
  }
}
