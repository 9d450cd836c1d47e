package spikemlp.trainer.job;

import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.job.JobKind;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.data.DataSplit;
import spikemlp.data.ImageDataSet;
import spikemlp.data.SkippedPicture;
import spikemlp.trainer.dataset.DataSets;

/**
 * Step prepareData: the start version's checkpoint if there is one, the data set, its content hash,
 * the split, the plan, mean and std.
 */
final class DataPreparation implements Tasklet {

  private final RunningJob job;
  private final JobPlanner planner;
  private final DataSets dataSets;
  private final JobQueue queue;

  DataPreparation(RunningJob job, JobPlanner planner, DataSets dataSets, JobQueue queue) {
    this.job = job;
    this.planner = planner;
    this.dataSets = dataSets;
    this.queue = queue;
  }

  @Override
  public RepeatStatus execute(StepContribution contribution, ChunkContext context)
      throws Exception {
    job.createDirectory();
    job.unlessStopped(() -> {
      prepare();
      return null;
    });
    return RepeatStatus.FINISHED;
  }

  private void prepare() throws Exception {
    job.fetchStart();
    if (job.kind() != JobKind.TRAIN) {
      job.data(); // what its origin was prepared with, and nothing else
      return;
    }
    JobPlanner.Planned planned = planner.plan(job.request(), job.start());
    NetworkConfig network = planned.network();
    DataSplit data =
        dataSets.read(
            job.request().dataSet(),
            planned.source(),
            network.imageHeight(),
            network.imageWidth(),
            planned.start().map(start -> start.input().fit()).orElse(DataSets.FIT),
            job::mustStop);
    ImageDataSet train = data.train();
    // A start version's own mean and std: its first layer has learnt that scale.
    InputSpec input =
        planned.start().map(StartVersion::input).orElseGet(() -> train.inputSpec(DataSets.FIT));
    PreparedJob prepared =
        new PreparedJob(
            network,
            planned.plan(),
            input,
            train.labels(),
            dataSets.name(job.request().dataSet(), planned.source()),
            data.contentHash(),
            train.size(),
            data.test().size(),
            data.skipped().stream().map(SkippedPicture::toString).toList());
    job.prepared(prepared, data);
    queue.prepared(job, prepared);
  }
}
