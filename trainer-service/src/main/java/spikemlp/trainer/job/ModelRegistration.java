package spikemlp.trainer.job;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.contract.registry.RegisterVersionRequest;
import spikemlp.network.SpikingMlp;
import spikemlp.trainer.registration.RegistryClient;

/**
 * Step register: uploads the artifacts, then registers the version. Both may be repeated at will:
 * artifacts are named by content, versions by the job.
 */
final class ModelRegistration implements Tasklet {

  private final RunningJob job;
  private final JobQueue queue;
  private final RegistryClient registry;

  ModelRegistration(RunningJob job, JobQueue queue, RegistryClient registry) {
    this.job = job;
    this.queue = queue;
    this.registry = registry;
  }

  @Override
  public RepeatStatus execute(StepContribution contribution, ChunkContext context)
      throws Exception {
    ExportedModel exported = job.exported();
    Map<String, Path> files =
        exported.artifacts().keySet().stream().collect(Collectors.toMap(name -> name, job::file));
    RegisterVersionRequest request =
        new RegisterVersionRequest(
            job.id(),
            exported.card(),
            exported.artifacts(),
            job.results().metrics(SpikingMlp.parameterCount(exported.card().network())),
            exported.proof());
    ModelVersion version =
        job.unlessStopped(
            () -> registry.register(job.request().name(), request, files, job::mustStop));
    queue.registered(job, version.version());
    return RepeatStatus.FINISHED;
  }
}
