package spikemlp.trainer.job;

import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;

/** Step compare: notes the weights that training gave; other ones than before will fail the job. */
final class WeightComparison implements Tasklet {

  private final RunningJob job;
  private final JobQueue queue;

  WeightComparison(RunningJob job, JobQueue queue) {
    this.job = job;
    this.queue = queue;
  }

  @Override
  public RepeatStatus execute(StepContribution contribution, ChunkContext context) {
    String actual = job.training().weightsSha256();
    queue.weights(job, actual);
    job.weights(actual);
    return RepeatStatus.FINISHED;
  }
}
