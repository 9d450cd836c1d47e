package spikemlp.trainer.job;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import spikemlp.contract.card.ExportProof;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.card.Provenance;
import spikemlp.contract.card.WeightPrecision;
import spikemlp.contract.registry.Artifact;
import spikemlp.contract.registry.RegisterVersionRequest;
import spikemlp.data.ImageDataSet;
import spikemlp.export.ExportCheck;
import spikemlp.export.OnnxExporter;
import spikemlp.network.SpikingMlp;

/**
 * Step export: the ONNX files, their proofs against the core, the report. A failed proof ends it
 * all.
 */
final class ModelExport implements Tasklet {

  private final RunningJob job;
  private final JobQueue queue;
  private final ReportWriter reports;
  private final Clock clock;
  private final int proofImages;

  ModelExport(RunningJob job, JobQueue queue, ReportWriter reports, Clock clock, int proofImages) {
    this.job = job;
    this.queue = queue;
    this.reports = reports;
    this.clock = clock;
    this.proofImages = proofImages;
  }

  @Override
  public RepeatStatus execute(StepContribution contribution, ChunkContext context)
      throws Exception {
    ModelCard card = card();
    ExportProof proof = proved(job.network(), card, WeightPrecision.FP32);
    ExportProof int8Proof;
    try (SpikingMlp quantised = job.network().quantised()) {
      int8Proof = proved(quantised, card, WeightPrecision.INT8);
    }
    Files.copy(
        job.file(job.checkpoint().orElseThrow().file()),
        job.file(RegisterVersionRequest.CHECKPOINT_FILE),
        StandardCopyOption.REPLACE_EXISTING);
    Map<String, Artifact> artifacts = new LinkedHashMap<>();
    for (String name :
        List.of(
            RegisterVersionRequest.MODEL_FILE,
            RegisterVersionRequest.INT8_MODEL_FILE,
            RegisterVersionRequest.CHECKPOINT_FILE)) {
      artifacts.put(name, Artifacts.of(job.file(name)));
    }
    reports.write(job, card, proof, int8Proof, artifacts);
    for (String name :
        List.of(RegisterVersionRequest.REPORT_FILE, RegisterVersionRequest.REPORT_PAGE_FILE)) {
      artifacts.put(name, Artifacts.of(job.file(name)));
    }
    ExportedModel exported = new ExportedModel(card, proof, artifacts);
    job.exported(exported);
    queue.exported(job, exported);
    return RepeatStatus.FINISHED;
  }

  /** Writes the model file of a precision and holds it against the core with the same weights. */
  private ExportProof proved(SpikingMlp network, ModelCard card, WeightPrecision precision)
      throws Exception {
    Path model =
        job.file(
            switch (precision) {
              case FP32 -> RegisterVersionRequest.MODEL_FILE;
              case INT8 -> RegisterVersionRequest.INT8_MODEL_FILE;
            });
    OnnxExporter.export(network.weights(), card, precision, model);
    ImageDataSet held = job.data().test().spread(proofImages);
    ExportProof proof =
        job.unlessStopped(() ->
            ExportCheck.prove(model, network, held, card.input(), held.size(), job::mustStop));
    if (!proof.passed()) {
      throw new ProofFailedException(proof);
    }
    return proof;
  }

  private ModelCard card() {
    PreparedJob prepared = job.prepared();
    return ModelCard.of(
        JobPlanner.variantOf(job.request(), job.start()),
        prepared.network(),
        prepared.input(),
        prepared.labels(),
        new Provenance(
            job.id(),
            prepared.dataSet(),
            prepared.contentHash(),
            prepared.plan().seed(),
            clock.instant().truncatedTo(ChronoUnit.SECONDS).toString(),
            Software.versions(),
            job.start().map(StartVersion::parent).orElse(null)));
  }
}
