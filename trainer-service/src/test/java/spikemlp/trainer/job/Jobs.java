package spikemlp.trainer.job;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import spikemlp.contract.job.StepMetrics;
import spikemlp.contract.job.TrainingJob;
import spikemlp.trainer.RunningTrainer;
import spikemlp.trainer.RunningTrainer.Answer;
import tools.jackson.databind.json.JsonMapper;

/** Submits tiny jobs and waits for them. */
final class Jobs {

  static final String PATH = "/api/v1/training-jobs";
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration LOOK = Duration.ofMillis(50);

  private Jobs() {}

  /** A network of one mixer on 64 digits: an epoch of four mini-batches takes milliseconds. */
  static String tiny(int epochs, double learningRate) {
    return """
    {"name": "tiny",
     "dataSet": {"kind": "digits", "trainImages": 64, "testImages": 40},
     "network": {"patchSize": 8, "embeddingDim": 6, "depths": [1], "timeSteps": 2},
     "training": {"epochs": %d, "batchSize": 16, "learningRate": %s}}
    """
        .formatted(epochs, learningRate);
  }

  /** A job's metrics by step, all that are recorded. */
  static List<StepMetrics> stepSeries(RunningTrainer trainer, String id) {
    return trainer
        .get(PATH + "/" + id + "/metrics?series=step")
        .body()
        .get("points")
        .valueStream()
        .map(point -> JsonMapper.shared().treeToValue(point, StepMetrics.class))
        .toList();
  }

  static String submit(RunningTrainer trainer, String request) {
    Answer answer = trainer.post(PATH, request);
    if (answer.status() != 202) {
      throw new AssertionError(answer.response().body());
    }
    return answer.job().id();
  }

  static TrainingJob await(RunningTrainer trainer, String id, Predicate<TrainingJob> wanted) {
    return Awaitility.await("job " + id)
        .atMost(PATIENCE)
        .pollInterval(LOOK)
        .until(
            () -> trainer.get(PATH + "/" + id),
            answer -> answer.status() == 200 && wanted.test(answer.job()))
        .job();
  }

  static TrainingJob awaitEnd(RunningTrainer trainer, String id) {
    return await(trainer, id, job -> job.state().ended());
  }
}
