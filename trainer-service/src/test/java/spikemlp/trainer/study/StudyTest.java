package spikemlp.trainer.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.contract.job.JobState;
import spikemlp.contract.job.TrainingJob;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.contract.study.CellResults;
import spikemlp.contract.study.Spread;
import spikemlp.contract.study.StudyState;
import spikemlp.contract.study.StudyView;
import spikemlp.postgres.TestDatabase;
import spikemlp.security.Scope;
import spikemlp.trainer.RunningTrainer;
import spikemlp.trainer.registration.RegistryFixture;

/** Real trainings of studies, seconds long, on a real database. */
class StudyTest {

  private static final String JOBS = "/api/v1/training-jobs/";

  @TempDir static Path home;
  private static TestDatabase database;
  private static RegistryFixture registry;
  private static RunningTrainer trainer;

  @BeforeAll
  static void start() throws Exception {
    database = TestDatabase.create("trainer");
    registry = new RegistryFixture();
    trainer = RunningTrainer.start(database, home, "registry-url=" + registry.url());
  }

  @AfterAll
  static void stop() {
    trainer.close();
    registry.close();
    database.close();
  }

  @Test
  void aGridRunsToItsEndAndItsTableIsWhatTheJobsCameTo() throws Exception {
    StudyView submitted = Studies.submit(trainer, Studies.twoByTwo("grid", 2));
    assertThat(submitted.cells())
        .extracting(StudyView.Cell::label)
        .containsExactly("none · T=1", "none · T=2", "PT+PC · T=1", "PT+PC · T=2");

    StudyView study = Studies.awaitEnd(trainer, submitted.id());

    assertThat(study.state()).isEqualTo(StudyState.COMPLETED);
    assertThat(study.endedAt()).isNotNull();
    for (StudyView.Cell cell : study.cells()) {
      assertThat(cell.state()).as(cell.label()).isEqualTo(StudyState.COMPLETED);
      List<TrainingJob> jobs = new ArrayList<>();
      for (StudyView.Run run : cell.runs()) {
        TrainingJob job = trainer.get(JOBS + run.jobId()).job();
        assertThat(job.request().name()).isEqualTo(cell.model());
        assertThat(job.request().training().seed()).isEqualTo(run.seed());
        jobs.add(job);
      }
      CellResults results = cell.results();
      isSpreadOf(results.accuracy(), jobs, "accuracy");
      isSpreadOf(results.energyPicojoules(), jobs, "energy_pj");
      isSpreadOf(results.synapticAdditions(), jobs, "synaptic_additions");
      isSpreadOf(results.parameters(), jobs, "parameters");
      int steps = cell.label().endsWith("T=1") ? 1 : 2;
      // Of 65 images in batches of 16 the last is left out of each of the 2 epochs.
      assertThat(results.imageSteps())
          .isEqualTo(new Spread(2, 128.0 * steps, 0.0, 128.0 * steps, 128.0 * steps));
      assertThat(results.imageStepsInAll()).isEqualTo(results.imageSteps());
      assertThat(results.firingRate().mean()).isBetween(0.0, 1.0);
      assertThat(results.trainSeconds().min()).isPositive();
    }
    assertThat(Studies.cell(study, "none · T=1").results().firingRate())
        .isNotEqualTo(Studies.cell(study, "PT+PC · T=2").results().firingRate());
    assertThat(Studies.cell(study, "PT+PC · T=2").model()).isEqualTo("grid.pt-pc-t-2");
    tableShows(study);
  }

  /** Held against mean and deviation recomputed from two jobs by hand. */
  private static void isSpreadOf(Spread spread, List<TrainingJob> jobs, String metric) {
    double first = jobs.get(0).metrics().get(metric);
    double second = jobs.get(1).metrics().get(metric);
    assertThat(spread.count()).isEqualTo(2);
    assertThat(spread.mean()).isCloseTo((first + second) / 2, within(1e-9 * Math.abs(first)));
    assertThat(spread.standardDeviation())
        .isCloseTo(Math.abs(first - second) / Math.sqrt(2), within(1e-9 * Math.abs(first)));
    assertThat(spread.min()).isEqualTo(Math.min(first, second));
    assertThat(spread.max()).isEqualTo(Math.max(first, second));
  }

  private static void tableShows(StudyView study) throws Exception {
    String markdown = table(study.id(), "text/markdown");
    assertThat(markdown)
        .startsWith("# grid\n")
        .contains("| skips | time steps | state     | seeds | accuracy % ")
        .contains("| PT+PC | T=2        | COMPLETED | 2/2   | ")
        .contains("over seeds 3, 11");
    List<String> csv = table(study.id(), "text/csv").lines().toList();
    assertThat(csv).hasSize(5);
    assertThat(csv.getFirst())
        .startsWith("skips,time steps,model,state,completed,seeds,accuracy_mean,accuracy_sd,");
    String[] row = csv.getLast().split(",", -1);
    CellResults results = study.cells().getLast().results();
    assertThat(row).startsWith("PT+PC", "T=2", "grid.pt-pc-t-2", "COMPLETED", "2", "2");
    assertThat(Double.parseDouble(row[6])).isEqualTo(results.accuracy().mean());
    assertThat(Double.parseDouble(row[7])).isEqualTo(results.accuracy().standardDeviation());
    assertThat(Double.parseDouble(row[10])).isEqualTo(results.energyPicojoules().mean());
  }

  private static String table(String id, String type) throws Exception {
    HttpResponse<String> answer = ask(Studies.PATH + "/" + id + "/table", type);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type"))
        .hasValueSatisfying(value -> assertThat(value).startsWith(type));
    return answer.body();
  }

  private static HttpResponse<String> ask(String path, String type) throws Exception {
    URI uri = trainer.base().resolve(path);
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(uri)
              .header("Authorization", "Bearer " + trainer.token(Scope.READ))
              .header("Accept", type)
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void theTableOfAStudyThatThereIsNotIsAProblemInEveryForm() throws Exception {
    for (String type : List.of("text/markdown", "text/csv", "*/*")) {
      HttpResponse<String> answer = ask(Studies.PATH + "/none/table", type);
      assertThat(answer.statusCode()).as(type).isEqualTo(404);
      assertThat(answer.body()).contains("study-not-found");
    }
  }

  @Test
  void aFailedJobFailsItsCellAloneAndTheTableSaysWhy() throws Exception {
    StudyView submitted =
        Studies.submit(
            trainer,
            Studies.study(
                "diverging",
                2,
                """
                {"name": "rate", "cells": [
                  {"label": "huge", "patch": {"training": {"learningRate": 1000}}},
                  {"label": "usual"}]}
                """));

    StudyView study = Studies.awaitEnd(trainer, submitted.id());

    assertThat(study.state()).isEqualTo(StudyState.COMPLETED);
    StudyView.Cell huge = Studies.cell(study, "huge");
    assertThat(huge.state()).isEqualTo(StudyState.FAILED);
    assertThat(huge.results()).isNull();
    assertThat(huge.runs()).allSatisfy(run -> assertThat(run.failure()).contains("diverged"));
    assertThat(Studies.cell(study, "usual").state()).isEqualTo(StudyState.COMPLETED);
    assertThat(table(study.id(), "text/markdown"))
        .contains("| huge  | FAILED    | 0/2   | – ")
        .contains("- huge, seed 3 FAILED: ")
        .contains("diverged");
  }

  @Test
  void aCellThatInheritsBeginsFromTheVersionOfTheSameSeedOnceThatIsThere() {
    StudyView submitted =
        Studies.submit(
            trainer,
            Studies.study(
                "inheriting",
                2,
                """
                {"name": "time steps", "cells": [
                  {"label": "T=4 from T=2", "inheritsFrom": "T=2",
                   "patch": {"network": {"timeSteps": 4}, "training": {"epochs": 1}}},
                  {"label": "T=2"},
                  {"label": "T=3 from huge", "inheritsFrom": "huge", "patch": {"network": {"timeSteps": 3}}},
                  {"label": "huge", "patch": {"training": {"learningRate": 1000}}}]}
                """));
    assertThat(Studies.cell(submitted, "T=4 from T=2").state()).isEqualTo(StudyState.WAITING);

    StudyView study = Studies.awaitEnd(trainer, submitted.id());

    StudyView.Cell parent = Studies.cell(study, "T=2");
    StudyView.Cell child = Studies.cell(study, "T=4 from T=2");
    assertThat(child.state()).as(child.toString()).isEqualTo(StudyState.COMPLETED);
    for (int seed = 0; seed < 2; seed++) {
      TrainingJob before = trainer.get(JOBS + parent.runs().get(seed).jobId()).job();
      var after = trainer.get(JOBS + child.runs().get(seed).jobId());
      assertThat(after.job().createdAt()).isAfterOrEqualTo(before.endedAt());
      var start = after.body().path("request").path("start");
      assertThat(start.path("model").asString()).isEqualTo(parent.model());
      assertThat(start.path("version").asInt()).isEqualTo(before.version());
      assertThat(before.state()).isEqualTo(JobState.COMPLETED);
    }
    assertThat(child.results().imageSteps().mean()).isEqualTo(64 * 4);
    assertThat(child.results().imageStepsInAll().mean()).isEqualTo(64 * 4 + 2 * 64 * 2);
    assertThat(Studies.cell(study, "T=3 from huge").runs())
        .allSatisfy(run -> {
          assertThat(run.state()).isEqualTo(StudyState.FAILED);
          assertThat(run.jobId()).isNull();
          assertThat(run.failure()).contains("'huge'", "ended FAILED", "no version to start from");
        });
    assertThat(registry.versions()).extracting(ModelVersion::model).contains(child.model());
  }

  @Test
  void aStudyGoesOnWhereItsTrainerWasEndedAndNoJobIsDoubled() throws Exception {
    Path other = home.resolve("restarted");
    try (TestDatabase own = TestDatabase.create("trainer")) {
      String id;
      String request = Studies.twoByTwo("restarted", 3);
      try (RunningTrainer first =
          RunningTrainer.start(own, other, "registry-url=" + registry.url())) {
        id = Studies.submit(first, request, "Idempotency-Key", "again").id();
        Studies.await(
            first,
            id,
            study ->
                study.cells().stream()
                    .flatMap(cell -> cell.runs().stream())
                    .anyMatch(run -> run.state() == StudyState.COMPLETED));
      }
      try (RunningTrainer second =
          RunningTrainer.start(own, other, "registry-url=" + registry.url())) {
        assertThat(Studies.submit(second, request, "Idempotency-Key", "again").id()).isEqualTo(id);
        StudyView study = Studies.awaitEnd(second, id);
        assertThat(study.cells())
            .allSatisfy(cell -> assertThat(cell.state()).isEqualTo(StudyState.COMPLETED));
        List<String> jobs =
            study.cells().stream()
                .flatMap(cell -> cell.runs().stream().map(StudyView.Run::jobId))
                .toList();
        assertThat(jobs).hasSize(8).doesNotHaveDuplicates();
        assertThat(second.get("/api/v1/training-jobs").body().get("items").size()).isEqualTo(8);
        assertThat(registry.versions())
            .filteredOn(version -> version.model().startsWith("restarted."))
            .extracting(ModelVersion::sourceJobId)
            .containsExactlyInAnyOrderElementsOf(jobs);
      }
    }
  }
}
