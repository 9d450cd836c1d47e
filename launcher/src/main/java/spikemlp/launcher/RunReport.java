package spikemlp.launcher;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import spikemlp.contract.card.ExportProof;
import spikemlp.contract.job.EpochMetrics;
import spikemlp.contract.job.TrainingJob;
import spikemlp.contract.registry.ModelVersion;

/**
 * What {@code demo} and {@code train} write as JSON.
 *
 * @param accuracy on the held-out images, in [0, 1]
 * @param secondsByPhase start, each of the job's steps, classify, total
 * @param proof the export against the core
 * @param proofPassed whether the version could become READY
 * @param classifications held-out pictures over REST, with energy; empty for {@code train}
 */
record RunReport(
    String model,
    int version,
    String jobId,
    double accuracy,
    Map<String, Double> metrics,
    List<EpochMetrics> curve,
    Map<String, Double> secondsByPhase,
    ExportProof proof,
    boolean proofPassed,
    List<ClassifiedPicture> classifications,
    String url) {

  static RunReport of(
      TrainingJob job,
      ModelVersion version,
      Map<String, Double> secondsByPhase,
      List<ClassifiedPicture> classifications,
      String url) {
    return new RunReport(
        version.model(),
        version.version(),
        job.id(),
        accuracy(job),
        job.metrics(),
        job.curve(),
        secondsByPhase,
        version.proof(),
        version.proof().passed(),
        List.copyOf(classifications),
        url);
  }

  static double accuracy(TrainingJob job) {
    return job.metrics().getOrDefault("accuracy", Double.NaN);
  }

  /** Start, then the job's steps in their order. */
  static Map<String, Double> phases(Session session, TrainingJob job) {
    Map<String, Double> phases = new LinkedHashMap<>();
    phases.put("start", session.startSeconds());
    for (String step : List.of("prepareData", "train", "evaluate", "export", "register")) {
      if (job.secondsByStep().containsKey(step)) {
        phases.put(step, job.secondsByStep().get(step));
      }
    }
    return phases;
  }
}
