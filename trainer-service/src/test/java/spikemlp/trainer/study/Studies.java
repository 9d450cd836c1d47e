package spikemlp.trainer.study;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import spikemlp.contract.study.StudyView;
import spikemlp.trainer.RunningTrainer;
import spikemlp.trainer.RunningTrainer.Answer;
import tools.jackson.databind.json.JsonMapper;

/** Submits tiny studies and waits for them. */
final class Studies {

  static final String PATH = "/api/v1/studies";
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration LOOK = Duration.ofMillis(100);

  private Studies() {}

  /** Skips × T on 64 digits with two seeds. */
  static String twoByTwo(String name, int epochs) {
    return study(
        name,
        epochs,
        """
        {"name": "skips", "cells": [
          {"label": "none", "patch": {"network": {"skips": "none"}}},
          {"label": "PT+PC", "patch": {"network": {"skips": "PT+PC"}}}]},
        {"name": "time steps", "cells": [
          {"label": "T=1", "patch": {"network": {"timeSteps": 1}}},
          {"label": "T=2"}]}
        """);
  }

  static String study(String name, int epochs, String axes) {
    return """
    {"name": "%s",
     "base": {
       "dataSet": {"kind": "digits", "trainImages": 65, "testImages": 40},
       "network": {"patchSize": 8, "embeddingDim": 6, "depths": [1], "timeSteps": 2},
       "training": {"epochs": %d, "batchSize": 16}},
     "axes": [%s],
     "seeds": [3, 11]}
    """
        .formatted(name, epochs, axes);
  }

  static StudyView view(Answer answer) {
    return JsonMapper.shared().treeToValue(answer.body(), StudyView.class);
  }

  static StudyView submit(RunningTrainer trainer, String request, String... headers) {
    Answer answer = trainer.post(PATH, request, headers);
    if (answer.status() != 202) {
      throw new AssertionError(answer.response().body());
    }
    return view(answer);
  }

  static StudyView await(RunningTrainer trainer, String id, Predicate<StudyView> wanted) {
    return Awaitility.await("study " + id)
        .atMost(PATIENCE)
        .pollInterval(LOOK)
        .until(() -> view(trainer.get(PATH + "/" + id)), wanted);
  }

  static StudyView awaitEnd(RunningTrainer trainer, String id) {
    return await(trainer, id, study -> study.state().ended());
  }

  static StudyView.Cell cell(StudyView study, String label) {
    return study.cells().stream().filter(c -> c.label().equals(label)).findFirst().orElseThrow();
  }

  static List<String> fields(Answer answer) {
    return answer
        .body()
        .get("errors")
        .valueStream()
        .map(error -> error.get("field").asString())
        .toList();
  }
}
