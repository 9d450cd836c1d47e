package spikemlp.trainer.job;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import spikemlp.contract.card.ExportProof;
import spikemlp.contract.card.Parent;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.job.EpochMetrics;
import spikemlp.contract.job.TrainingJobRequest;
import spikemlp.contract.job.TrainingPlan;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.registry.Artifact;
import spikemlp.report.ReceptiveFieldSummary;

/**
 * {@code report.json}: how a model came to be and what it is worth.
 *
 * @param format {@link #FORMAT}
 * @param model the registered model's name
 * @param request what was asked
 * @param network what was trained
 * @param parameters trainable numbers in it
 * @param curve one point an epoch
 * @param results of the test images: accuracy, firing rates, operations, energy by every model
 * @param receptiveFields what each token FC learnt
 * @param proof the export against the core
 * @param int8Proof the same of the file with 8-bit weights; null in reports of before
 * @param artifacts the files beside this one
 * @param software names and versions of what made it
 * @param parent the version whose weights training started from; null for one from scratch
 */
record TrainingReport(
    String format,
    String jobId,
    String model,
    TrainingJobRequest request,
    String variant,
    NetworkConfig network,
    long parameters,
    TrainingPlan plan,
    InputSpec input,
    DataSet dataSet,
    List<EpochMetrics> curve,
    TestResults results,
    List<ReceptiveFieldSummary> receptiveFields,
    ExportProof proof,
    @Nullable ExportProof int8Proof,
    Map<String, Artifact> artifacts,
    Map<String, Double> secondsByStep,
    Map<String, String> software,
    String createdAt,
    @Nullable Parent parent) {

  static final String FORMAT = "spikemlp-report-1";

  /**
   * The images.
   *
   * @param contentHash SHA-256 over the content, hexadecimal
   * @param skipped pictures left out, with the reason
   */
  record DataSet(
      String name,
      String contentHash,
      List<String> labels,
      int trainImages,
      int testImages,
      List<String> skipped) {}
}
