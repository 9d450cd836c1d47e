package spikemlp.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import spikemlp.contract.job.EpochMetrics;
import spikemlp.contract.job.JobState;
import spikemlp.contract.job.TrainingJob;
import spikemlp.contract.registry.Artifact;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.postgres.TestDatabase;
import spikemlp.trainer.RunningTrainer;
import spikemlp.trainer.TrainerProcess;
import spikemlp.trainer.registration.RegistryFixture;

/**
 * Trainers that are killed at random instants and paused for longer than their lease. System
 * properties make it a long run: {@code spikemlp.test.kills}, {@code spikemlp.test.jobs}, {@code
 * spikemlp.test.pause-seconds}, {@code spikemlp.test.seed}.
 */
class LostTrainersTest {

  private static final int KILLS = Integer.getInteger("spikemlp.test.kills", 2);
  private static final int JOBS = Integer.getInteger("spikemlp.test.jobs", 4);
  private static final int PAUSE_SECONDS = Integer.getInteger("spikemlp.test.pause-seconds", 4);
  private static final long SEED = Long.getLong("spikemlp.test.seed", System.nanoTime());
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration LOOK = Duration.ofMillis(20);

  @TempDir Path home;
  private TestDatabase database;
  private RegistryFixture registry;
  private RunningTrainer api;
  private JdbcClient jdbc;

  @BeforeEach
  void start() throws IOException {
    database = TestDatabase.create("trainer");
    registry = new RegistryFixture();
    api = RunningTrainer.start(database, home, "registry-url=" + registry.url(), "workers=0");
    jdbc = api.context().getBean(JdbcClient.class);
  }

  @AfterEach
  void stop() {
    api.close();
    registry.close();
    database.close();
  }

  @Test
  void killedAtRandomInstantsJobsEndWithTheWeightsOfAnUndisturbedOneAndOneVersionEach()
      throws Exception {
    Random random = new Random(SEED);
    String request = Jobs.tiny(30, 0.1);
    TrainingJob undisturbed;
    Duration whole;
    List<String> killed = new ArrayList<>();
    try (TrainerProcess trainer = process()) {
      undisturbed = ended(Jobs.submit(api, request), trainer);
      whole = Duration.between(undisturbed.startedAt(), undisturbed.endedAt());
    }
    String job = Jobs.submit(api, request);
    killed.add(job);
    for (int kill = 0; kill < KILLS; kill++) {
      if (api.get(Jobs.PATH + "/" + job).job().state().ended()) {
        job = Jobs.submit(api, request);
        killed.add(job);
      }
      try (TrainerProcess trainer = process()) {
        awaitClaim(job, trainer);
        Thread.sleep(random.nextLong(whole.toMillis()));
      }
    }
    for (boolean atUpload : new boolean[] {true, false}) {
      job = Jobs.submit(api, request);
      killed.add(job);
      try (TrainerProcess trainer = process()) {
        CountDownLatch reached = new CountDownLatch(1);
        Runnable kill =
            () -> {
              try {
                trainer.kill();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              reached.countDown();
            };
        if (atUpload) {
          registry.onUpload(kill);
        } else {
          registry.onRegistration(kill);
        }
        assertThat(reached.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      }
    }
    try (TrainerProcess trainer = process()) {
      for (String id : killed) {
        TrainingJob ended = ended(id, trainer);
        assertThat(ended.failure()).as("seed %d, job %s", SEED, id).isNull();
        assertThat(ended.state()).isEqualTo(JobState.COMPLETED);
        assertThat(ended.weightsSha256()).hasSize(64).isEqualTo(undisturbed.weightsSha256());
        assertThat(losses(ended)).hasSize(30).isEqualTo(losses(undisturbed));
      }
      Awaitility.await("the sweep").atMost(PATIENCE).until(() -> directories().isEmpty());
    }
    killed.add(undisturbed.id());
    assertThat(registry.versions())
        .extracting(ModelVersion::sourceJobId)
        .containsExactlyInAnyOrderElementsOf(killed);
    assertThat(registry.artifacts()).isEqualTo(referred());
    assertNothingIsStuck();
  }

  @Test
  void ofManyJobsNoneIsLostOrDoneTwiceThoughOneTrainerIsKilledAndOneOnlyPaused() throws Exception {
    List<String> jobs =
        IntStream.range(0, JOBS).mapToObj(i -> Jobs.submit(api, Jobs.tiny(25, 0.1))).toList();
    try (TrainerProcess paused = process();
        TrainerProcess other = process()) {
      awaitCompleted(1);
      other.kill();
      Awaitility.await("a job at work")
          .atMost(PATIENCE)
          .pollInterval(LOOK)
          .until(() -> count("state = 'RUNNING' and lease_until > now()") > 0);
      paused.pause();
      try (TrainerProcess third = process()) {
        Thread.sleep(Duration.ofSeconds(PAUSE_SECONDS));
        paused.goOn();
        awaitCompleted(JOBS);
        assertThat(third.isAlive()).isTrue();
        assertThat(paused.isAlive()).isTrue();
        Awaitility.await("the files go").atMost(PATIENCE).until(() -> directories().isEmpty());
      }
    }
    assertThat(registry.versions())
        .extracting(ModelVersion::sourceJobId)
        .containsExactlyInAnyOrderElementsOf(jobs);
    assertThat(
            jobs.stream()
                .map(id -> api.get(Jobs.PATH + "/" + id).job().weightsSha256())
                .collect(Collectors.toSet()))
        .hasSize(1);
    assertThat(
            jdbc.sql("select job_id from job_events where kind = 'end'").query(String.class).list())
        .containsExactlyInAnyOrderElementsOf(jobs);
    assertThat(registry.artifacts()).isEqualTo(referred());
    assertNothingIsStuck();
  }

  private TrainerProcess process() throws IOException {
    return TrainerProcess.start(
        database,
        home,
        List.of("-Dspikemlp.threads=1"),
        "registry-url=" + registry.url(),
        "segment-batches=3",
        "takeovers=1000");
  }

  private TrainingJob ended(String id, TrainerProcess trainer) {
    return Awaitility.await("job " + id)
        .atMost(PATIENCE)
        .pollInterval(LOOK)
        .until(
            () -> {
              assertThat(trainer.isAlive()).isTrue();
              return api.get(Jobs.PATH + "/" + id).job();
            },
            job -> job.state().ended());
  }

  private void awaitClaim(String job, TrainerProcess trainer) {
    long fence = fence(job);
    Awaitility.await("claim of job " + job)
        .atMost(PATIENCE)
        .pollInterval(LOOK)
        .until(() -> fence(job) > fence || !trainer.isAlive());
    assertThat(trainer.isAlive()).isTrue();
  }

  private long fence(String job) {
    return jdbc.sql("select fence from training_jobs where id = ?")
        .param(job)
        .query(Long.class)
        .single();
  }

  private void awaitCompleted(int jobs) {
    Awaitility.await(jobs + " jobs")
        .atMost(PATIENCE)
        .pollInterval(LOOK)
        .until(() -> count("state = 'COMPLETED'") >= jobs);
  }

  private int count(String condition) {
    return jdbc.sql("select count(*) from training_jobs where " + condition)
        .query(Integer.class)
        .single();
  }

  private Set<String> referred() {
    return registry.versions().stream()
        .flatMap(version -> version.artifacts().values().stream())
        .map(Artifact::sha256)
        .collect(Collectors.toSet());
  }

  private List<Path> directories() throws IOException {
    try (Stream<Path> directories = Files.list(home.resolve("work/jobs"))) {
      return directories.toList();
    }
  }

  private void assertNothingIsStuck() {
    assertThat(count("state <> 'COMPLETED'")).isZero();
    assertThat(
            jdbc.sql(
                    "select count(*) from batch_job_execution where status <> 'COMPLETED'"
                        + " and job_execution_id in (select max(job_execution_id)"
                        + " from batch_job_execution group by job_instance_id)")
                .query(Integer.class)
                .single())
        .isZero();
  }

  private static List<Double> losses(TrainingJob job) {
    return job.curve().stream().map(EpochMetrics::trainLoss).toList();
  }
}
