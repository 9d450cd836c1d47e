package spikemlp.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import spikemlp.contract.job.JobState;
import spikemlp.contract.job.TrainingJob;
import spikemlp.postgres.TestDatabase;
import spikemlp.security.Scope;
import spikemlp.trainer.RunningTrainer;
import spikemlp.trainer.RunningTrainer.Answer;

/** The API of a trainer without workers: jobs stay where they are. */
class TrainingJobApiTest {

  private static final String JOBS = "/api/v1/training-jobs";
  private static final String DIGITS =
      "{\"name\": \"digits\", \"dataSet\": {\"kind\": \"digits\"}}";

  @TempDir static Path home;
  private static TestDatabase database;
  private static RunningTrainer trainer;

  @BeforeAll
  static void start() throws Exception {
    Path images = Files.createDirectories(home.resolve("images"));
    Files.createDirectories(images.resolve("one-class/cats"));
    Files.createDirectories(images.resolve("only-cats/cats"));
    Files.write(images.resolve("only-cats/cats/1.png"), new byte[] {1});
    Files.createDirectories(images.resolve("no-dogs/dogs"));
    Files.createDirectories(images.resolve("no-dogs/cats"));
    Files.write(images.resolve("no-dogs/cats/1.png"), new byte[] {1});
    database = TestDatabase.create("trainer");
    trainer =
        RunningTrainer.start(
            database, home, "workers=0", "max-subscribers=1", "data-roots=" + images);
  }

  @AfterAll
  static void stop() {
    trainer.close();
    database.close();
  }

  @Test
  void aJobIsAcceptedListedAndFound() {
    Answer answer = trainer.post(JOBS, DIGITS);
    assertThat(answer.status()).isEqualTo(202);
    TrainingJob job = answer.job();
    assertThat(job.state()).isEqualTo(JobState.QUEUED);
    assertThat(answer.response().headers().firstValue("Location")).contains(JOBS + "/" + job.id());
    assertThat(trainer.get(JOBS + "/" + job.id()).job()).isEqualTo(job);
    assertThat(trainer.get(JOBS).body().get("items").get(0).get("id").asString())
        .isEqualTo(job.id());
  }

  @Test
  void everyWrongValueIsNamedAtOnce() {
    Answer answer =
        trainer.post(
            JOBS,
            """
            {"name": "Not A Name",
             "dataSet": {"kind": "digits", "trainImages": 1},
             "network": {"timeSteps": 0, "embeddingDim": 50, "skips": "XX"},
             "training": {"epochs": 0, "learningRate": -1, "cropPadding": -2}}
            """);
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.body().get("code").asString()).isEqualTo("invalid-configuration");
    assertThat(fields(answer))
        .containsExactlyInAnyOrder(
            "name",
            "dataSet.trainImages",
            "network.timeSteps",
            "network.embeddingDim",
            "network.skips",
            "training.epochs",
            "training.learningRate",
            "training.cropPadding");
  }

  @Test
  void aGridThatDoesNotDivideAndDepthsThatDoNotFitAreRefusedWithTheNumbers() {
    assertThat(refusal("\"network\": {\"imageHeight\": 30, \"imageWidth\": 32}"))
        .contains("30", "patchSize 4 does not divide it", "28 and 32");
    assertThat(refusal("\"network\": {\"depths\": [1, 1, 1, 1, 1, 1]}"))
        .contains("8×8 has room for 4 stages");
    assertThat(refusal("\"network\": {\"variant\": \"mlp-spe-x\"}")).contains("mlp-spe-t");
  }

  @Test
  void aTrainingThatWouldNotFitTheMemoryIsRefusedBeforehand() {
    assertThat(refusal("\"training\": {\"batchSize\": 65536}"))
        .contains("training would need about", "GB", "lower the batch size");
  }

  @Test
  void aDataSetOutsideTheRootsIsAnsweredLikeOneThatDoesNotExist() {
    String outside = pathRefusal("/etc");
    assertThat(outside).contains("nothing readable").contains("data root");
    assertThat(pathRefusal("../keys").replace("../keys", ""))
        .isEqualTo(outside.replace("/etc", ""));
    assertThat(pathRefusal("missing").replace("missing", ""))
        .isEqualTo(outside.replace("/etc", ""));
  }

  @Test
  void aDataSetThatCannotBeUsedIsNamedOnceAndWithoutThePlaceOfTheRoot() {
    assertThat(pathRefusal("one-class"))
        .startsWith("dataSet.path = one-class: holds no images")
        .doesNotContain(home.toString());
    assertThat(pathRefusal("only-cats")).startsWith("dataSet.path = only-cats: has only one class");
    assertThat(pathRefusal("no-dogs"))
        .startsWith("dataSet.path = no-dogs: the class 'dogs' is empty");
  }

  @Test
  void whatIsNoRequestIs400AndNamesTheField() {
    Answer unknown = trainer.post(JOBS, "{\"name\": \"a\", \"dataset\": {}}");
    assertThat(unknown.status()).isEqualTo(400);
    assertThat(unknown.body().get("detail").asString()).contains("dataset");
    Answer wrongType =
        trainer.post(
            JOBS,
            "{\"name\": \"a\", \"dataSet\": {\"kind\": \"digits\"}, \"training\": {\"epochs\": \"x\"}}");
    assertThat(wrongType.status()).isEqualTo(400);
    assertThat(fields(wrongType)).containsExactly("training.epochs");
    assertThat(trainer.post(JOBS, "nonsense").status()).isEqualTo(400);
    assertThat(trainer.post(JOBS, "{}").status()).isEqualTo(422);
  }

  @Test
  void theSameIdempotencyKeyAnswersWithTheSameJobAndRefusesAnotherBody() {
    Answer first = trainer.post(JOBS, DIGITS, "Idempotency-Key", "k1");
    Answer again = trainer.post(JOBS, DIGITS, "Idempotency-Key", "k1");
    assertThat(again.status()).isEqualTo(202);
    assertThat(again.job().id()).isEqualTo(first.job().id());
    Answer other =
        trainer.post(JOBS, DIGITS.replace("\"digits\"", "\"path\""), "Idempotency-Key", "k1");
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.body().get("code").asString()).isEqualTo("idempotency-key-reused");
  }

  @Test
  void aQueuedJobStopsAtOnceAndStaysStopped() {
    String job = JOBS + "/" + trainer.post(JOBS, DIGITS).job().id();
    assertThat(trainer.post(job + ":stop", "").job().state()).isEqualTo(JobState.STOPPED);
    assertThat(trainer.post(job + ":stop", "").job().state()).isEqualTo(JobState.STOPPED);
  }

  @Test
  void aJobWhoseWorkerFellSilentIsRecoveringAndAWorkingOneIsRunning() {
    String silent = trainer.post(JOBS, DIGITS).job().id();
    String working = trainer.post(JOBS, DIGITS).job().id();
    String stopping = trainer.post(JOBS, DIGITS).job().id();
    lease(silent, "RUNNING", "- interval '1 second'");
    lease(working, "RUNNING", "+ interval '1 hour'");
    lease(stopping, "STOPPING", "- interval '1 second'");
    Map<String, JobState> expected =
        Map.of(silent, JobState.RECOVERING, working, JobState.RUNNING, stopping, JobState.STOPPING);
    Map<String, String> listed = new HashMap<>();
    trainer
        .get(JOBS)
        .body()
        .get("items")
        .forEach(job -> listed.put(job.get("id").asString(), job.get("state").asString()));
    expected.forEach((id, state) -> {
      assertThat(trainer.get(JOBS + "/" + id).job().state()).isEqualTo(state);
      assertThat(listed).containsEntry(id, state.name());
    });
  }

  /** Gives a job to a worker that there is not. */
  private static void lease(String job, String state, String until) {
    JdbcClient.create(trainer.context().getBean(DataSource.class))
        .sql("update training_jobs set state = ?, lease_until = now() " + until + " where id = ?")
        .param(state)
        .param(job)
        .update();
  }

  @Test
  void anUnknownJobIs404() {
    for (Answer answer :
        List.of(
            trainer.get(JOBS + "/none"),
            trainer.get(JOBS + "/none/events"),
            trainer.get(JOBS + "/none/metrics"),
            trainer.get(JOBS + "/none/logs"),
            trainer.delete(JOBS + "/none"),
            trainer.post(JOBS + "/none:stop", ""))) {
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.body().get("code").asString()).isEqualTo("job-not-found");
    }
  }

  @Test
  void aStreamShowsTheStateFirstEndsWithTheJobAndNoMoreThanTheBoundAreOpen() throws Exception {
    String job = JOBS + "/" + trainer.post(JOBS, DIGITS).job().id();
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest events =
          HttpRequest.newBuilder(trainer.base().resolve(job + "/events"))
              .header("Authorization", "Bearer " + trainer.token(Scope.READ))
              .build();
      HttpResponse<InputStream> stream =
          http.send(events, HttpResponse.BodyHandlers.ofInputStream());
      byte[] first = stream.body().readNBytes("event:state".length());
      assertThat(new String(first, StandardCharsets.UTF_8)).isEqualTo("event:state");
      Answer crowded = trainer.get(job + "/events");
      assertThat(crowded.status()).isEqualTo(503);
      assertThat(crowded.response().headers().firstValue("Retry-After")).hasValue("5");
      assertThat(crowded.body().get("code").asString()).isEqualTo("too-many-subscribers");
      trainer.post(job + ":stop", "");
      String rest = new String(stream.body().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(rest)
          .contains("\"state\": \"QUEUED\"", "\"state\": \"STOPPED\"")
          .containsPattern("event:end\nid:[0-9]+\ndata:\\{");
    }
  }

  private static String refusal(String more) {
    Answer answer =
        trainer.post(JOBS, DIGITS.substring(0, DIGITS.length() - 1) + ", " + more + "}");
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(422);
    return answer.body().get("detail").asString();
  }

  private static String pathRefusal(String path) {
    Answer answer =
        trainer.post(
            JOBS,
            "{\"name\": \"a\", \"dataSet\": {\"kind\": \"path\", \"path\": \"" + path + "\"}}");
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(422);
    assertThat(fields(answer)).containsExactly("dataSet.path");
    return answer.body().get("detail").asString();
  }

  private static List<String> fields(Answer answer) {
    return answer
        .body()
        .get("errors")
        .valueStream()
        .map(error -> error.get("field").asString())
        .toList();
  }
}
