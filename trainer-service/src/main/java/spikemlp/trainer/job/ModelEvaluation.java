package spikemlp.trainer.job;

import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import spikemlp.data.ImageDataSet;
import spikemlp.network.SpikingMlp;
import spikemlp.neurobench.NeuroBench;
import spikemlp.training.Evaluation;

/**
 * Step evaluate: accuracy, firing rates, operations and energy over all test images, NeuroBench's
 * metrics over some; accuracy with 8-bit weights.
 */
final class ModelEvaluation implements Tasklet {

  private final RunningJob job;
  private final JobQueue queue;

  ModelEvaluation(RunningJob job, JobQueue queue) {
    this.job = job;
    this.queue = queue;
  }

  @Override
  public RepeatStatus execute(StepContribution contribution, ChunkContext context)
      throws Exception {
    TestResults results = job.unlessStopped(this::test);
    job.results(results);
    queue.evaluated(
        job, results, results.metrics(SpikingMlp.parameterCount(job.prepared().network())));
    queue.weights(job, job.training().weightsSha256());
    return RepeatStatus.FINISHED;
  }

  private TestResults test() {
    PreparedJob prepared = job.prepared();
    ImageDataSet images = job.data().test();
    Evaluation evaluation =
        Evaluation.of(
            job.network(), images, prepared.input(), prepared.plan().batchSize(), job::mustStop);
    return new TestResults(
        evaluation.images(),
        evaluation.accuracy(),
        evaluation.loss(),
        evaluation.firingRates(),
        evaluation.activity().counts(),
        TestResults.Energy.of(prepared.network(), evaluation),
        NeuroBench.of(job.network(), images, prepared.input(), job::mustStop),
        quantised(prepared, images));
  }

  private TestResults.Quantised quantised(PreparedJob prepared, ImageDataSet images) {
    try (SpikingMlp network = job.network().quantised()) {
      Evaluation evaluation =
          Evaluation.of(
              network, images, prepared.input(), prepared.plan().batchSize(), job::mustStop);
      return new TestResults.Quantised(evaluation.accuracy(), evaluation.loss());
    }
  }
}
