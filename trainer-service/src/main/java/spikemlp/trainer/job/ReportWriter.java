package spikemlp.trainer.job;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;
import spikemlp.contract.card.ExportProof;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.job.TrainingJob;
import spikemlp.contract.registry.Artifact;
import spikemlp.contract.registry.RegisterVersionRequest;
import spikemlp.network.SpikingMlp;
import spikemlp.report.ReceptiveField;
import spikemlp.report.ReceptiveFieldSummary;
import spikemlp.report.ReportPage;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Writes a job's {@code report.json} and the page of the same, {@code report.html}. */
@Component
class ReportWriter {

  private final JobStore store;
  private final JsonMapper json;

  ReportWriter(JobStore store, JsonMapper json) {
    this.store = store;
    this.json = json;
  }

  /**
   * Writes both into the job's directory.
   *
   * @param artifacts the other files of the version
   */
  void write(
      RunningJob job,
      ModelCard card,
      ExportProof proof,
      ExportProof int8Proof,
      Map<String, Artifact> artifacts)
      throws IOException {
    PreparedJob prepared = job.prepared();
    TrainingJob record = store.find(job.id()).orElseThrow();
    List<ReceptiveField> fields = ReceptiveField.of(job.network().weights());
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
            fields.stream().map(ReceptiveFieldSummary::of).toList(),
            proof,
            int8Proof,
            artifacts,
            record.secondsByStep(),
            card.provenance().software(),
            card.provenance().createdAt(),
            card.provenance().parent());
    Files.write(
        job.file(RegisterVersionRequest.REPORT_FILE),
        json.writer().with(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(report));
    Files.writeString(
        job.file(RegisterVersionRequest.REPORT_PAGE_FILE),
        ReportPage.html(PageContent.of(report, fields, json)));
  }
}
