package spikemlp.trainer.job;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import spikemlp.contract.job.EpochMetrics;
import spikemlp.contract.job.JobKind;
import spikemlp.contract.job.JobProgress;
import spikemlp.contract.job.JobState;
import spikemlp.contract.job.TrainingJobRequest;
import spikemlp.trainer.job.JobEvents.Kind;
import spikemlp.trainer.job.JobEvents.StateChange;
import tools.jackson.databind.json.JsonMapper;

/**
 * The jobs as a worker sees them. Whoever claims a job holds it until the lease runs out, and every
 * heartbeat renews the lease. Each claim raises the job's fence; a holder whose fence is no longer
 * the job's has lost it, and every write of its own is refused with {@link LeaseLostException}.
 */
@Component
class JobQueue {

  /**
   * A job claimed.
   *
   * @param before the state it was in: QUEUED, or that of a job whose holder fell silent
   * @param takeovers times it was taken over since its last checkpoint, this one included
   * @param weights the final weights' hash, once they are known
   * @param expectedWeights the hash that a {@link JobKind#REPRODUCE} job compares with
   * @param runSeconds how long it has run since it was submitted or resumed
   * @param queuedSeconds how long it has waited if it was QUEUED, else 0
   */
  record Claim(
      String job,
      long fence,
      JobState before,
      int takeovers,
      TrainingJobRequest request,
      Optional<StartVersion> start,
      JobProgress progress,
      Optional<PreparedJob> prepared,
      Optional<TrainingCheckpoint> checkpoint,
      Optional<TestResults> results,
      Optional<ExportedModel> exported,
      JobKind kind,
      Optional<String> weights,
      Optional<String> expectedWeights,
      double runSeconds,
      double queuedSeconds) {}

  private static final String HELD = " where id = :job and fence = :fence";

  private final JdbcClient jdbc;
  private final JsonMapper json;
  private final JobEvents events;

  JobQueue(JdbcClient jdbc, JsonMapper json, JobEvents events) {
    this.jdbc = jdbc;
    this.json = json;
    this.events = events;
  }

  /**
   * Claims the job of highest priority, of these the oldest, that waits or that its holder left;
   * skips what others claim now.
   */
  @Transactional
  Optional<Claim> claim(String owner, Duration lease) {
    Optional<Claim> claim =
        jdbc.sql(
                """
                select id, fence + 1 as fence, state, request, start_version, progress, prepared,
                  checkpoint, results, exported, kind, weights_sha256, expected_weights, run_seconds,
                  case when state = 'QUEUED'
                    then extract(epoch from now() - queued_at)::double precision
                    else 0 end as queued_seconds,
                  case when state = 'QUEUED' then 0 else takeovers + 1 end as takeovers
                from training_jobs
                where state = 'QUEUED'
                  or (state in ('RUNNING', 'STOPPING', 'RECOVERING') and lease_until < now())
                order by priority desc, created_at
                limit 1
                for update skip locked
                """)
            .query((row, n) ->
                new Claim(
                    row.getString("id"),
                    row.getLong("fence"),
                    JobState.valueOf(row.getString("state")),
                    row.getInt("takeovers"),
                    json.readValue(row.getString("request"), TrainingJobRequest.class),
                    read(row.getString("start_version"), StartVersion.class),
                    json.readValue(row.getString("progress"), JobProgress.class),
                    read(row.getString("prepared"), PreparedJob.class),
                    read(row.getString("checkpoint"), TrainingCheckpoint.class),
                    read(row.getString("results"), TestResults.class),
                    read(row.getString("exported"), ExportedModel.class),
                    JobKind.valueOf(row.getString("kind")),
                    Optional.ofNullable(row.getString("weights_sha256")),
                    Optional.ofNullable(row.getString("expected_weights")),
                    row.getDouble("run_seconds"),
                    row.getDouble("queued_seconds")))
            .optional();
    claim.ifPresent(claimed -> hold(claimed, owner, lease));
    return claim;
  }

  private void hold(Claim claim, String owner, Duration lease) {
    JobState state =
        switch (claim.before()) {
          case QUEUED -> JobState.RUNNING;
          case STOPPING -> JobState.STOPPING;
          case RUNNING, RECOVERING, STOPPED, COMPLETED, FAILED -> JobState.RECOVERING;
        };
    jdbc.sql(
            """
            update training_jobs set state = ?, owner = ?, fence = ?, takeovers = ?,
              lease_until = now() + ? * interval '1 millisecond',
              started_at = coalesce(started_at, now())
            where id = ?
            """)
        .param(state.name())
        .param(owner)
        .param(claim.fence())
        .param(claim.takeovers())
        .param(lease.toMillis())
        .param(claim.job())
        .update();
    events.append(claim.job(), Kind.STATE, new StateChange(state, null));
  }

  /** A job that was taken over goes on. */
  @Transactional
  void goesOn(RunningJob job) {
    int changed =
        jdbc.sql("update training_jobs set state = 'RUNNING'" + HELD + " and state = 'RECOVERING'")
            .param("job", job.id())
            .param("fence", job.fence())
            .update();
    if (changed == 1) {
      events.append(job.id(), Kind.STATE, new StateChange(JobState.RUNNING, null));
    }
  }

  /**
   * Renews the lease and publishes progress, if there is any new.
   *
   * @return the job's state, STOPPING if somebody asked it to stop
   */
  @Transactional
  JobState heartbeat(RunningJob job, Duration lease, Optional<JobProgress> progress) {
    JobState state =
        jdbc.sql(
                "update training_jobs set lease_until = now() + :lease * interval '1 millisecond',"
                    + " run_seconds = :ran, progress = coalesce(:progress::jsonb, progress)"
                    + HELD
                    + " and state in ('RUNNING', 'STOPPING', 'RECOVERING') returning state")
            .param("lease", lease.toMillis())
            .param("ran", job.runSeconds())
            .param("progress", progress.map(json::writeValueAsString).orElse(null))
            .param("job", job.id())
            .param("fence", job.fence())
            .query((row, n) -> JobState.valueOf(row.getString("state")))
            .optional()
            .orElseThrow(() -> new LeaseLostException(job.id()));
    progress.ifPresent(news -> events.append(job.id(), Kind.PROGRESS, news));
    return state;
  }

  /** Records what {@code prepareData} found. */
  @Transactional
  void prepared(RunningJob job, PreparedJob prepared) {
    update(job, "prepared = :value::jsonb", json.writeValueAsString(prepared));
  }

  /** Moves the job's checkpoint and adds to its curve, in the chunk's transaction. */
  @Transactional
  void trained(RunningJob job, TrainingCheckpoint checkpoint, Optional<EpochMetrics> epoch) {
    update(job, "checkpoint = :value::jsonb, takeovers = 0", json.writeValueAsString(checkpoint));
    epoch.ifPresent(metrics -> addToCurve(job, metrics));
  }

  private void addToCurve(RunningJob job, EpochMetrics metrics) {
    jdbc.sql("insert into epoch_metrics values (?, ?, ?, ?, ?, ?, ?, ?)")
        .param(job.id())
        .param(metrics.epoch())
        .param(metrics.trainLoss())
        .param(metrics.trainAccuracy())
        .param(metrics.testAccuracy())
        .param(metrics.learningRate())
        .param(metrics.imagesPerSecond())
        .param(metrics.testLoss())
        .update();
    events.append(job.id(), Kind.METRIC, metrics);
  }

  /** Records the evaluation's results. */
  @Transactional
  void evaluated(RunningJob job, TestResults results, Map<String, Double> metrics) {
    update(job, "results = :value::jsonb", json.writeValueAsString(results));
    update(job, "metrics = :value::jsonb", json.writeValueAsString(metrics));
  }

  /** Records the export. */
  @Transactional
  void exported(RunningJob job, ExportedModel exported) {
    update(job, "exported = :value::jsonb", json.writeValueAsString(exported));
  }

  /** Records the hash of the final weights. */
  @Transactional
  void weights(RunningJob job, String sha256) {
    update(job, "weights_sha256 = :value", sha256);
  }

  /** Records the registered version. */
  @Transactional
  void registered(RunningJob job, int version) {
    update(job, "version = :value::integer", Integer.toString(version));
  }

  /** Adds to the time spent in a step. */
  @Transactional
  void spent(RunningJob job, String step, double seconds) {
    jdbc.sql(
            "update training_jobs set seconds_by_step = seconds_by_step || jsonb_build_object("
                + ":step, coalesce((seconds_by_step ->> :step)::double precision, 0) + :seconds)"
                + HELD)
        .param("step", step)
        .param("seconds", seconds)
        .param("job", job.id())
        .param("fence", job.fence())
        .update();
  }

  /** Ends the job: COMPLETED, STOPPED, or FAILED with the reason. */
  @Transactional
  void end(RunningJob job, JobState state, @Nullable String failure) {
    release(job, state, failure, "ended_at = now()");
    events.append(job.id(), Kind.END, Map.of());
  }

  /** Gives the job back to the queue: the process shuts down, another goes on with it. */
  @Transactional
  void giveBack(RunningJob job) {
    release(job, JobState.QUEUED, null, "owner = null, queued_at = now()");
  }

  private void release(
      RunningJob job, JobState state, @Nullable String failure, String assignment) {
    int changed =
        jdbc.sql(
                "update training_jobs set state = :state, failure = :failure, lease_until = null, "
                    + assignment
                    + HELD)
            .param("state", state.name())
            .param("failure", failure)
            .param("job", job.id())
            .param("fence", job.fence())
            .update();
    if (changed != 1) {
      throw new LeaseLostException(job.id());
    }
    events.append(job.id(), Kind.STATE, new StateChange(state, failure));
  }

  private void update(RunningJob job, String assignment, String value) {
    int changed =
        jdbc.sql("update training_jobs set " + assignment + HELD)
            .param("value", value)
            .param("job", job.id())
            .param("fence", job.fence())
            .update();
    if (changed != 1) {
      throw new LeaseLostException(job.id());
    }
  }

  private <T> Optional<T> read(@Nullable String value, Class<T> type) {
    return value == null ? Optional.empty() : Optional.of(json.readValue(value, type));
  }
}
