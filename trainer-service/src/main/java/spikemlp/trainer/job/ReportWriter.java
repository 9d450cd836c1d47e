package spikemlp.trainer.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.springframework.stereotype.Component;
import spikemlp.contract.card.ExportProof;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.job.TrainingJob;
import spikemlp.contract.registry.Artifact;
import spikemlp.network.SpikingMlp;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Writes a job's {@code report.json}. */
@Component
class ReportWriter {

  private final JobStore store;
  private final JsonMapper json;

  ReportWriter(JobStore store, JsonMapper json) {
    this.store = store;
    this.json = json;
  }

  void write(
      RunningJob job,
      ModelCard card,
      ExportProof proof,
      Map<String, Artifact> artifacts,
      Path target)
      throws IOException {
    PreparedJob prepared = job.prepared();
    TrainingJob record = store.find(job.id()).orElseThrow();
    TrainingReport report =
        new TrainingReport(
            TrainingReport.FORMAT,
            job.id(),
            job.request().name(),
            job.request(),
            card.variant(),
            card.network(),
            SpikingMlp.parameterCount(card.network()),
            prepared.plan(),
            card.input(),
            new TrainingReport.DataSet(
                prepared.dataSet(),
                prepared.contentHash(),
                card.labels(),
                prepared.trainImages(),
                prepared.testImages(),
                prepared.skipped()),
            record.curve(),
            job.results(),
            proof,
            artifacts,
            record.secondsByStep(),
            card.provenance().software(),
            card.provenance().createdAt(),
            card.provenance().parent());
    Files.write(
        target, json.writer().with(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(report));
  }
}
