package spikemlp.trainer.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import spikemlp.contract.job.JobState;
import spikemlp.contract.study.StudyRequest;
import spikemlp.contract.study.StudyState;
import spikemlp.contract.study.StudyView;
import spikemlp.postgres.TestDatabase;
import spikemlp.trainer.RunningTrainer;
import spikemlp.trainer.RunningTrainer.Answer;
import spikemlp.trainer.job.TrainingJobs;
import spikemlp.trainer.study.StudyGrid.GridCell;
import spikemlp.trainer.study.StudyPlanner.PlannedCell;
import spikemlp.trainer.study.StudyStore.DueRun;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The API of a trainer without workers: runs stay where they are. */
class StudyApiTest {

  private static final JsonMapper JSON = JsonMapper.shared();

  @TempDir static Path home;
  private static TestDatabase database;
  private static RunningTrainer trainer;

  @BeforeAll
  static void start() {
    database = TestDatabase.create("trainer");
    trainer = RunningTrainer.start(database, home, "workers=0");
    trainer.context().getBean(StudyAdvance.class).stop(); // runs become due, and stay so
  }

  @AfterAll
  static void stop() {
    trainer.close();
    database.close();
  }

  @Test
  void aStudyIsAcceptedListedFoundAndQueuedSeedBySeed() {
    Answer answer = trainer.post(Studies.PATH, Studies.twoByTwo("listed", 2));
    assertThat(answer.status()).isEqualTo(202);
    StudyView study = Studies.view(answer);
    String place = Studies.PATH + "/" + study.id();
    assertThat(answer.response().headers().firstValue("Location")).contains(place);
    assertThat(study.state()).isEqualTo(StudyState.QUEUED);
    assertThat(Studies.view(trainer.get(place))).isEqualTo(study);
    assertThat(trainer.get(Studies.PATH).body().get(0).get("id").asString()).isEqualTo(study.id());
    List<String> queued =
        JdbcClient.create(trainer.context().getBean(DataSource.class))
            .sql("select id from training_jobs where name like 'listed.%' order by created_at")
            .query(String.class)
            .list();
    assertThat(queued)
        .containsExactlyElementsOf(
            List.of(0, 1).stream()
                .flatMap(seed -> study.cells().stream().map(cell -> cell.runs().get(seed).jobId()))
                .toList());
  }

  @Test
  void everyImpossibleCellIsRefusedByLabelAndFieldAndNothingIsQueued() {
    int before = jobs();
    Answer answer =
        trainer.post(
            Studies.PATH,
            Studies.study(
                "impossible",
                2,
                """
                {"name": "network", "cells": [
                  {"label": "good"},
                  {"label": "no T", "patch": {"network": {"timeSteps": 0, "skips": "XX"}}},
                  {"label": "unknown", "patch": {"network": {"timestep": 2, "deepness": 1}, "colour": 3}},
                  {"label": "type", "patch": {"training": {"epochs": "many"}}},
                  {"label": "seeded", "patch": {"name": "mine", "training": {"seed": 4}}}]}
                """));
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.body().get("code").asString()).isEqualTo("invalid-configuration");
    assertThat(Studies.fields(answer))
        .containsExactlyInAnyOrder(
            "cells[no T].network.timeSteps",
            "cells[no T].network.skips",
            "cells[unknown].network.timestep",
            "cells[unknown].network.deepness",
            "cells[unknown].colour",
            "cells[type].training.epochs",
            "cells[seeded].name",
            "cells[seeded].training.seed");
    assertThat(jobs()).isEqualTo(before);
  }

  private static int jobs() {
    return JdbcClient.create(trainer.context().getBean(DataSource.class))
        .sql("select count(*) from training_jobs")
        .query(Integer.class)
        .single();
  }

  @Test
  void whatEveryCellHasWrongIsTheBases() {
    Answer answer =
        trainer.post(Studies.PATH, Studies.twoByTwo("Not A Name", 0).replace("[3, 11]", "[3, 3]"));
    assertThat(Studies.fields(answer))
        .containsExactlyInAnyOrder("name", "seeds", "base.training.epochs");
    Answer empty = trainer.post(Studies.PATH, "{}");
    assertThat(empty.status()).isEqualTo(422);
    assertThat(Studies.fields(empty)).containsExactlyInAnyOrder("name", "base", "seeds");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"name\": \"a\", \"cells\": []} | axes[0].cells",
        "{\"name\": \"\", \"cells\": [{\"label\": \"x\"}]} | axes[0].name",
        "{\"name\": \"a\", \"cells\": [{\"label\": \"x\"}, {\"label\": \"x\"}]} | axes[0].cells[1].label",
        "{\"name\": \"a\", \"cells\": [{\"label\": \"x+\"}, {\"label\": \"x\"}]} | cells[x].label",
        "{\"name\": \"a\", \"cells\": [{\"label\": \"x\", \"inheritsFrom\": \"y\"}]} | axes[0].cells[0].inheritsFrom",
        "{\"name\": \"a\", \"cells\": [{\"label\": \"x\", \"inheritsFrom\": \"x\"}]} | axes[0].cells[0].inheritsFrom"
      })
  void axesThatMakeNoGridAreRefused(String axis, String field) {
    Answer answer = trainer.post(Studies.PATH, Studies.study("bad", 1, axis));
    assertThat(answer.status()).isEqualTo(422);
    assertThat(Studies.fields(answer)).containsExactly(field);
  }

  @Test
  void aGridOrASeedListBeyondTheBoundsIsRefused() {
    StringBuilder cells = new StringBuilder();
    for (int i = 0; i < 12; i++) {
      cells.append(i == 0 ? "" : ",").append("{\"label\": \"c").append(i).append("\"}");
    }
    String axis = "{\"name\": \"%s\", \"cells\": [" + cells + "]}";
    Answer answer =
        trainer.post(
            Studies.PATH,
            Studies.study("large", 1, axis.formatted("a") + "," + axis.formatted("b")));
    assertThat(Studies.fields(answer)).containsExactly("axes");
    String seeds = java.util.stream.IntStream.range(0, 43).boxed().toList().toString();
    Answer runs =
        trainer.post(
            Studies.PATH, Studies.study("large", 1, axis.formatted("a")).replace("[3, 11]", seeds));
    assertThat(Studies.fields(runs)).containsExactly("seeds");
  }

  @Test
  void weightsThatFitNoOtherGeometryAreRefusedWithTheNumbers() {
    Answer answer =
        trainer.post(
            Studies.PATH,
            Studies.study(
                "clash",
                1,
                """
                {"name": "width", "cells": [
                  {"label": "narrow"},
                  {"label": "wide", "inheritsFrom": "narrow", "patch": {"network": {"embeddingDim": 12}}}]}
                """));
    assertThat(answer.status()).isEqualTo(422);
    assertThat(Studies.fields(answer)).containsExactly("cells[wide].network.embeddingDim");
    assertThat(answer.body().get("detail").asString()).contains("'narrow'", "12", "has 6");
  }

  @Test
  void theSameIdempotencyKeyAnswersWithTheSameStudyAndRefusesAnotherBody() {
    String request =
        Studies.study(
            "replayed",
            1,
            """
            {"name": "rate", "cells": [
              {"label": "1e-1", "patch": {"training": {"learningRate": 1e-1, "tetLambda": 0.050}}},
              {"label": "null", "patch": {"training": {"learningRate": null}}}]}
            """);
    StudyView first = Studies.submit(trainer, request, "Idempotency-Key", "s1");
    assertThat(Studies.submit(trainer, request, "Idempotency-Key", "s1").id())
        .isEqualTo(first.id());
    Answer other =
        trainer.post(Studies.PATH, Studies.twoByTwo("replayed", 1), "Idempotency-Key", "s1");
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.body().get("code").asString()).isEqualTo("idempotency-key-reused");
  }

  @Test
  void aStoppedStudyStopsItsJobsAndStaysStopped() {
    StudyView study = Studies.submit(trainer, Studies.twoByTwo("stopped", 1));
    String place = Studies.PATH + "/" + study.id();
    StudyView stopped = Studies.view(trainer.post(place + ":stop", ""));
    assertThat(stopped.state()).isEqualTo(StudyState.STOPPED);
    assertThat(stopped.cells())
        .allSatisfy(cell -> assertThat(cell.state()).isEqualTo(StudyState.STOPPED));
    String job = study.cells().getFirst().runs().getFirst().jobId();
    assertThat(trainer.get("/api/v1/training-jobs/" + job).job().state())
        .isEqualTo(JobState.STOPPED);
    assertThat(trainer.post(Studies.PATH + "/none:stop", "").status()).isEqualTo(404);
  }

  @Test
  void aRunIsDueOnceTheJobOfItsParentWithTheSameSeedHasEndedAndIsSubmittedOnce() {
    StudyStore store = trainer.context().getBean(StudyStore.class);
    JobJson json = trainer.context().getBean(JobJson.class);
    TrainingJobs jobs = trainer.context().getBean(TrainingJobs.class);
    StudyRequest request =
        JSON.readValue(
            Studies.study(
                "due",
                1,
                """
                {"name": "T", "cells": [
                  {"label": "T=2"},
                  {"label": "T=4", "inheritsFrom": "T=2", "patch": {"network": {"timeSteps": 4}}}]}
                """),
            StudyRequest.class);
    List<PlannedCell> cells =
        StudyGrid.of(request.axes()).stream()
            .map(cell -> planned(cell, request, json, jobs))
            .toList();
    assertThat(cells.get(1).cell().parent()).isEqualTo(OptionalInt.of(0));
    String id = UUID.randomUUID().toString();
    assertThat(store.submit(id, request, cells, "tester", null)).isTrue();
    assertThat(dueOf(store, id)).isEmpty();

    String parent =
        store.runs(id).stream()
            .filter(run -> run.cell() == 0 && run.seed() == 11)
            .findFirst()
            .flatMap(StudyStore.Run::job)
            .orElseThrow();
    JdbcClient.create(trainer.context().getBean(DataSource.class))
        .sql("update training_jobs set state = 'COMPLETED', version = 7 where id = ?")
        .param(parent)
        .update();

    DueRun due = dueOf(store, id).getFirst();
    assertThat(dueOf(store, id)).hasSize(1);
    assertThat(due.seed()).isEqualTo(11);
    ObjectNode filled =
        JobJson.startingFrom(due.request(), due.parentModel(), due.parentVersion().orElseThrow());
    assertThat(filled.path("start"))
        .isEqualTo(
            JSON.readTree("{\"model\": \"due.t-2\", \"version\": 7, \"mode\": \"INHERIT\"}"));
    assertThat(filled.path("name").asString()).isEqualTo("due.t-4");
    assertThat(filled.path("training").path("seed").asLong()).isEqualTo(11);
    assertThat(filled.path("network").path("timeSteps").asInt()).isEqualTo(4);

    TrainingJobs.Plan plan = jobs.plan(json.read(due.request()));
    store.begin(due, plan);
    store.begin(due, plan);
    assertThat(
            JdbcClient.create(trainer.context().getBean(DataSource.class))
                .sql("select count(*) from training_jobs where name = 'due.t-4'")
                .query(Integer.class)
                .single())
        .isEqualTo(1);
    store.stop(id);
    assertThat(dueOf(store, id)).isEmpty();
  }

  private static PlannedCell planned(
      GridCell cell, StudyRequest study, JobJson json, TrainingJobs jobs) {
    ObjectNode request = json.of(study.base());
    for (var patch : cell.patches()) {
      request = (ObjectNode) MergePatch.apply(request, json.patch(patch));
    }
    request.put("name", StudyGrid.model(study.name(), cell));
    return new PlannedCell(cell, request, jobs.plan(json.read(request)));
  }

  private static List<DueRun> dueOf(StudyStore store, String study) {
    return store.due().stream().filter(run -> run.study().equals(study)).toList();
  }

  @Test
  void everyShippedStudyIsAccepted() {
    for (String name : ShippedStudies.names()) {
      StudyRequest study = ShippedStudies.named(name);
      assertThat(study.name()).isEqualTo(name);
      assertThat(study.description()).isNotBlank();
      StudyView view = Studies.submit(trainer, JSON.writeValueAsString(study));
      assertThat(view.cells()).hasSize(study.axes().getFirst().cells().size());
    }
    assertThat(ShippedStudies.named("skip-ablation").axes().getFirst().cells())
        .hasSize(16)
        .extracting(StudyRequest.Cell::label)
        .doesNotHaveDuplicates();
  }
}
