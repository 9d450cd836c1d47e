package spikemlp.trainer.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ItemWriter;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import spikemlp.trainer.job.SegmentTraining.Trained;

/**
 * Commits a segment: metrics and checkpoint in one transaction. The new checkpoint file was there
 * before, the old one goes after the commit, so that at any instant the committed one exists.
 */
class SegmentWriter implements ItemWriter<Trained> {

  private final RunningJob job;
  private final JobQueue queue;
  private final MetricHistory history;

  SegmentWriter(RunningJob job, JobQueue queue, MetricHistory history) {
    this.job = job;
    this.queue = queue;
    this.history = history;
  }

  @Override
  public void write(Chunk<? extends Trained> chunk) {
    for (Trained trained : chunk) {
      queue.trained(job, trained.checkpoint(), trained.epoch());
      trained.point().ifPresent(point -> history.append(job.id(), point));
      TransactionSynchronizationManager.registerSynchronization(
          new TransactionSynchronization() {
            @Override
            public void afterCommit() {
              committed(trained.checkpoint());
            }
          });
    }
  }

  private void committed(TrainingCheckpoint checkpoint) {
    job.checkpoint(checkpoint);
    try {
      job.deleteFilesExcept(Optional.of(checkpoint.file()));
    } catch (IOException e) {
      throw new UncheckedIOException("an old checkpoint could not be deleted", e);
    }
  }
}
