package spikemlp.trainer.job;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import spikemlp.contract.card.Parent;
import spikemlp.contract.job.EpochMetrics;
import spikemlp.contract.job.JobKind;
import spikemlp.contract.job.JobProgress;
import spikemlp.contract.job.JobState;
import spikemlp.contract.job.Reproduction;
import spikemlp.contract.job.TrainingJob;
import spikemlp.contract.job.TrainingJobRequest;
import spikemlp.problem.ProblemException;
import spikemlp.trainer.dataset.DataSetStore;
import spikemlp.trainer.job.JobEvents.StateChange;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The jobs as the API sees them: submitted, looked up, asked to stop. */
@Component
class JobStore {

  /** A RUNNING job whose worker has let the lease run out is one to be taken over. */
  static final String SHOWN_STATE =
      "case when state = 'RUNNING' and lease_until < now() then 'RECOVERING' else state end";

  private static final String JOBS =
      "select *, " + SHOWN_STATE + " as shown_state from training_jobs ";

  static final TypeReference<Map<String, Double>> NUMBERS = new TypeReference<>() {};

  private final JdbcClient jdbc;
  private final JsonMapper json;
  private final JobEvents events;
  private final MetricHistory history;
  private final DataSetStore dataSets;

  JobStore(
      JdbcClient jdbc,
      JsonMapper json,
      JobEvents events,
      MetricHistory history,
      DataSetStore dataSets) {
    this.jdbc = jdbc;
    this.json = json;
    this.events = events;
    this.history = history;
    this.dataSets = dataSets;
  }

  /** That there is no such job. */
  static ProblemException unknown(String id) {
    return new ProblemException(
        HttpStatus.NOT_FOUND, "job-not-found", "there is no training job " + id);
  }

  /**
   * Queues a job, unless the submitter used {@code idempotencyKey} before: false then.
   *
   * @throws spikemlp.contract.network.InvalidConfigurationException if its uploaded data set was
   *     deleted meanwhile
   */
  @Transactional
  boolean submit(
      String id,
      TrainingJobRequest request,
      Optional<StartVersion> start,
      String submitter,
      @Nullable String idempotencyKey) {
    dataSets.hold(request.dataSet());
    int inserted =
        jdbc.sql(
                """
                insert into training_jobs
                  (id, name, request, start_version, state, progress, submitted_by,
                   idempotency_key, priority)
                values (?, ?, ?::jsonb, ?::jsonb, 'QUEUED', ?::jsonb, ?, ?, ?)
                on conflict (submitted_by, idempotency_key) do nothing
                """)
            .param(id)
            .param(request.name())
            .param(json.writeValueAsString(request))
            .param(start.map(json::writeValueAsString).orElse(null))
            .param(json.writeValueAsString(JobProgress.NONE))
            .param(submitter)
            .param(idempotencyKey)
            .param(
                Objects.requireNonNullElse(request.priority(), TrainingJobRequest.USUAL_PRIORITY))
            .update();
    if (inserted == 1) {
      events.append(id, JobEvents.Kind.STATE, new StateChange(JobState.QUEUED, null));
    }
    return inserted == 1;
  }

  /** The job that the submitter made with that key. */
  Optional<TrainingJob> submittedWith(String submitter, String idempotencyKey) {
    return jdbc.sql("select id from training_jobs where submitted_by = ? and idempotency_key = ?")
        .param(submitter)
        .param(idempotencyKey)
        .query(String.class)
        .optional()
        .flatMap(this::find);
  }

  /** The job of that id. */
  Optional<TrainingJob> find(String id) {
    List<EpochMetrics> curve = history.epochs(id);
    return jdbc.sql(JOBS + "where id = ?").param(id).query((row, n) -> job(row, curve)).optional();
  }

  /**
   * The job of that id.
   *
   * @throws ProblemException 404 if there is none
   */
  TrainingJob get(String id) {
    return find(id).orElseThrow(() -> unknown(id));
  }

  /**
   * Sees to it that there is a job of that id.
   *
   * @throws ProblemException 404 if there is none
   */
  void require(String id) {
    if (state(id).isEmpty()) {
      throw unknown(id);
    }
  }

  /** Where the job of that id stands in the table. */
  Optional<JobState> state(String id) {
    return jdbc.sql("select state from training_jobs where id = ?")
        .param(id)
        .query((row, n) -> JobState.valueOf(row.getString("state")))
        .optional();
  }

  /**
   * Asks a job to stop: one that waits is STOPPED at once, one that runs is STOPPING until its
   * worker has saved a checkpoint. A job that has ended stays as it is.
   */
  @Transactional
  void stop(String id) {
    Optional<JobState> state =
        jdbc.sql("select state from training_jobs where id = ? for update")
            .param(id)
            .query((row, n) -> JobState.valueOf(row.getString("state")))
            .optional();
    if (state.isEmpty()) {
      return;
    }
    switch (state.get()) {
      case QUEUED -> {
        change(id, JobState.STOPPED, ", ended_at = now()");
        events.append(id, JobEvents.Kind.STATE, new StateChange(JobState.STOPPED, null));
        events.append(id, JobEvents.Kind.END, Map.of());
      }
      case RUNNING, RECOVERING -> {
        change(id, JobState.STOPPING, "");
        events.append(id, JobEvents.Kind.STATE, new StateChange(JobState.STOPPING, null));
      }
      case STOPPING, STOPPED, COMPLETED, FAILED -> {}
    }
  }

  private void change(String id, JobState state, String more) {
    jdbc.sql("update training_jobs set state = ?" + more + " where id = ?")
        .param(state.name())
        .param(id)
        .update();
  }

  private TrainingJob job(ResultSet row, List<EpochMetrics> curve) throws SQLException {
    return new TrainingJob(
        row.getString("id"),
        JobState.valueOf(row.getString("shown_state")),
        json.readValue(row.getString("request"), TrainingJobRequest.class),
        json.readValue(row.getString("progress"), JobProgress.class),
        curve,
        row.getString("failure"),
        row.getObject("version", Integer.class),
        json.readValue(row.getString("metrics"), NUMBERS),
        json.readValue(row.getString("seconds_by_step"), NUMBERS),
        Objects.requireNonNull(instant(row, "created_at")),
        instant(row, "started_at"),
        instant(row, "ended_at"),
        parent(row.getString("start_version")),
        JobKind.valueOf(row.getString("kind")),
        row.getString("origin"),
        row.getString("weights_sha256"),
        reproduction(row));
  }

  static @Nullable Reproduction reproduction(ResultSet row) throws SQLException {
    String expected = row.getString("expected_weights");
    return expected == null ? null : Reproduction.of(expected, row.getString("weights_sha256"));
  }

  private @Nullable Parent parent(@Nullable String start) {
    return start == null ? null : json.readValue(start, StartVersion.class).parent();
  }

  static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
