package spikemlp.trainer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static spikemlp.trainer.dataset.Archives.PATH;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import spikemlp.contract.job.JobState;
import spikemlp.contract.job.TrainingJob;
import spikemlp.postgres.TestDatabase;
import spikemlp.trainer.RunningTrainer;
import spikemlp.trainer.RunningTrainer.Answer;
import spikemlp.trainer.registration.RegistryFixture;

/** Jobs that train on uploaded data sets, and deletions beside them. */
class DataSetUseTest {

  private static final String JOBS = "/api/v1/training-jobs";
  private static final String STUDIES = "/api/v1/studies";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path home;
  private TestDatabase database;

  @BeforeEach
  void create() {
    database = TestDatabase.create("trainer");
  }

  @AfterEach
  void drop() {
    database.close();
  }

  @Test
  void aJobTrainsOnAnUploadedDataSetAndItsDeletionGivesTheDiskBack() throws Exception {
    try (RegistryFixture registry = new RegistryFixture();
        RunningTrainer trainer =
            RunningTrainer.start(database, home, "registry-url=" + registry.url())) {
      String id = upload(trainer, "pets");
      assertThat(trainer.get(PATH).body().get("items").get(0).get("id").asString()).isEqualTo(id);
      assertThat(trainer.get(PATH + "/" + id + "/preview").body().get("items")).isNotEmpty();
      String job = submitted(trainer.post(JOBS, job(uploaded(id) + ", \"trainImages\": 12")));

      TrainingJob ended =
          Awaitility.await()
              .atMost(PATIENCE)
              .until(() -> trainer.get(JOBS + "/" + job).job(), found -> found.state().ended());

      assertThat(ended.failure()).isNull();
      assertThat(ended.state()).isEqualTo(JobState.COMPLETED);
      assertThat(registry.versions().getFirst().card().provenance().dataSet()).isEqualTo("pets");
      assertThat(trained(trainer, job)).isEqualTo(12);
      assertThat(trainer.delete(PATH + "/" + id).status()).isEqualTo(204);
      assertThat(Archives.files(home)).isEmpty();
      Answer gone = trainer.post(JOBS, job(uploaded(id)));
      assertThat(gone.status()).isEqualTo(422);
      assertThat(fields(gone)).containsExactly("dataSet.id");
    }
  }

  @Test
  void aDataSetInUseIsNotDeletedAndTheAnswerNamesTheJobs() {
    try (RunningTrainer trainer = RunningTrainer.start(database, home, "workers=0")) {
      String id = upload(trainer, "pets");
      String job = submitted(trainer.post(JOBS, job(uploaded(id))));
      JdbcClient jdbc = JdbcClient.create(trainer.context().getBean(DataSource.class));
      for (String state : List.of("QUEUED", "RUNNING", "STOPPING", "RECOVERING", "STOPPED")) {
        jdbc.sql("update training_jobs set state = ?").param(state).update();
        Answer refused = trainer.delete(PATH + "/" + id);
        assertThat(refused.status()).as(state).isEqualTo(409);
        assertThat(refused.body().get("code").asString()).isEqualTo("dataset-in-use");
        assertThat(refused.body().get("jobs").get(0).asString()).isEqualTo(job);
        assertThat(trainer.get(PATH + "/" + id).body().get("unfinishedJobs").asInt()).isOne();
      }
      jdbc.sql("update training_jobs set state = 'FAILED'").update();
      assertThat(trainer.get(PATH + "/" + id).body().get("unfinishedJobs").asInt()).isZero();
      assertThat(trainer.delete(PATH + "/" + id).status()).isEqualTo(204);
    }
  }

  @Test
  void aStudysWaitingRunKeepsItsDataSet() {
    try (RunningTrainer trainer = RunningTrainer.start(database, home, "workers=0")) {
      String id = upload(trainer, "pets");
      Answer study =
          trainer.post(
              STUDIES,
              """
              {"name": "inherit",
               "base": {"dataSet": {"kind": "uploaded", "id": "%s"},
                 "network": {"patchSize": 8, "embeddingDim": 6, "depths": [1]},
                 "training": {"epochs": 1, "batchSize": 4}},
               "axes": [{"name": "time steps", "cells": [
                 {"label": "T=1", "patch": {"network": {"timeSteps": 1}}},
                 {"label": "T=2", "patch": {"network": {"timeSteps": 2}}, "inheritsFrom": "T=1"}]}],
               "seeds": [1]}
              """
                  .formatted(id));
      assertThat(study.status()).as(study.response().body()).isEqualTo(202);
      JdbcClient.create(trainer.context().getBean(DataSource.class))
          .sql("update training_jobs set state = 'COMPLETED', version = 1")
          .update();
      Answer refused = trainer.delete(PATH + "/" + id);
      assertThat(refused.status()).isEqualTo(409);
      assertThat(refused.body().get("jobs")).isEmpty();
      assertThat(refused.body().get("studies").get(0).asString())
          .isEqualTo(study.body().get("id").asString());
    }
  }

  @Test
  void aWrongWayToNameADataSetIsNamed() {
    try (RunningTrainer trainer = RunningTrainer.start(database, home, "workers=0")) {
      String id = upload(trainer, "pets");
      String other = "00000000-0000-0000-0000-000000000000";
      assertThat(fields(trainer.post(JOBS, job("\"kind\": \"uploaded\""))))
          .containsExactly("dataSet.id");
      assertThat(fields(trainer.post(JOBS, job(uploaded(other))))).containsExactly("dataSet.id");
      assertThat(fields(trainer.post(JOBS, job(uploaded("../\\u0000")))))
          .containsExactly("dataSet.id");
      assertThat(fields(trainer.post(JOBS, job("\"kind\": \"digits\", \"id\": \"" + id + "\""))))
          .containsExactly("dataSet.id");
      assertThat(fields(trainer.post(JOBS, job(uploaded(id) + ", \"path\": \"/\""))))
          .containsExactly("dataSet.path");
      assertThat(fields(trainer.post(JOBS, job(uploaded(id) + ", \"trainImages\": 1"))))
          .containsExactly("dataSet.trainImages");
    }
  }

  @Test
  void ofADeletionAndASubmissionAtOnceTheSecondSeesTheFirst() throws Exception {
    try (RunningTrainer trainer = RunningTrainer.start(database, home, "workers=0");
        Connection rival = connection()) {
      String id = upload(trainer, "pets");
      String request = job(uploaded(id));

      rival.setAutoCommit(false);
      execute(rival, "delete from data_sets where id = ?", id); // a deletion about to commit
      CompletableFuture<Answer> submission = waiting(() -> trainer.post(JOBS, request));
      rival.commit();
      Answer late = submission.get();
      assertThat(late.status()).as(late.response().body()).isEqualTo(422);
      assertThat(fields(late)).containsExactly("dataSet.id");
      assertThat(trainer.get(JOBS).body().get("items")).isEmpty();

      String next = upload(trainer, "next");
      execute(rival, "select id from data_sets where id = ? for share", next); // a submission
      execute(
          rival,
          """
          insert into training_jobs (id, name, request, state, progress, submitted_by)
          values ('rival', 'm', jsonb_build_object('dataSet', jsonb_build_object('id', ?::text)),
            'QUEUED', '{}', 'rival')
          """,
          next);
      CompletableFuture<Answer> deletion = waiting(() -> trainer.delete(PATH + "/" + next));
      rival.commit();
      Answer refused = deletion.get();
      assertThat(refused.status()).isEqualTo(409);
      assertThat(refused.body().get("jobs").get(0).asString()).isEqualTo("rival");
      assertThat(trainer.get(PATH + "/" + next).status()).isEqualTo(200);
    }
  }

  @Test
  void deletionsAndSubmissionsThatRaceNeverBothSucceed() {
    try (RunningTrainer trainer = RunningTrainer.start(database, home, "workers=0")) {
      for (int i = 0; i < 10; i++) {
        String id = upload(trainer, "race-" + i);
        String request = job(uploaded(id));
        CompletableFuture<Answer> submission =
            CompletableFuture.supplyAsync(() -> trainer.post(JOBS, request));
        int deleted = trainer.delete(PATH + "/" + id).status();
        int submitted = submission.join().status();
        assertThat(List.of(submitted, deleted)).isIn(List.of(202, 409), List.of(422, 204));
      }
    }
  }

  @Test
  void ofTwoUploadsOfOneNameAtOnceOneIsKept() throws Exception {
    try (RunningTrainer trainer =
        RunningTrainer.start(database, home, "workers=0", "datasets.concurrent-uploads=2")) {
      byte[] one = Archives.cats(5).bytes();
      byte[] other = Archives.cats(6).bytes();
      CompletableFuture<Answer> first =
          CompletableFuture.supplyAsync(() -> trainer.upload(PATH + "?name=same", one));
      Answer second = trainer.upload(PATH + "?name=same", other);
      assertThat(List.of(first.join().status(), second.status()))
          .containsExactlyInAnyOrder(201, 409);
      assertThat(Archives.files(home)).hasSize(1);
    }
  }

  private static String upload(RunningTrainer trainer, String name) {
    Answer answer = trainer.upload(PATH + "?name=" + name, Archives.cats(12).bytes());
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
    return answer.body().get("id").asString();
  }

  private static String uploaded(String id) {
    return "\"kind\": \"uploaded\", \"id\": \"" + id + "\"";
  }

  private static String job(String dataSet) {
    return """
    {"name": "tiny", "dataSet": {%s},
     "network": {"patchSize": 8, "embeddingDim": 6, "depths": [1], "timeSteps": 2},
     "training": {"epochs": 1, "batchSize": 4}}
    """
        .formatted(dataSet);
  }

  private static String submitted(Answer answer) {
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(202);
    return answer.job().id();
  }

  private static int trained(RunningTrainer trainer, String job) {
    return JdbcClient.create(trainer.context().getBean(DataSource.class))
        .sql("select (prepared ->> 'trainImages')::int from training_jobs where id = ?")
        .param(job)
        .query(Integer.class)
        .single();
  }

  private static List<String> fields(Answer answer) {
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(422);
    return answer
        .body()
        .get("errors")
        .valueStream()
        .map(error -> error.get("field").asString())
        .toList();
  }

  private Connection connection() throws SQLException {
    return DriverManager.getConnection(
        database.jdbcUrl(), database.username(), database.password());
  }

  private static void execute(Connection connection, String sql, String parameter)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, parameter);
      statement.execute();
    }
  }

  /** The request, begun and waiting for another transaction's lock. */
  private CompletableFuture<Answer> waiting(Supplier<Answer> request) throws SQLException {
    CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(request);
    try (Connection connection = connection()) {
      JdbcClient jdbc = JdbcClient.create(new SingleConnectionDataSource(connection, true));
      Awaitility.await("a request that waits for a lock")
          .atMost(PATIENCE)
          .until(
              () ->
                  jdbc.sql(
                          "select count(*) from pg_stat_activity where datname = current_database()"
                              + " and wait_event_type = 'Lock'")
                      .query(Integer.class)
                      .single(),
              count -> count > 0);
    }
    return answer;
  }
}
