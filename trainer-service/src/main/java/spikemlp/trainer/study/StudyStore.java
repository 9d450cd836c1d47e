package spikemlp.trainer.study;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import spikemlp.contract.job.JobState;
import spikemlp.contract.study.StudyRequest;
import spikemlp.trainer.dataset.DataSetStore;
import spikemlp.trainer.job.TrainingJobs;
import spikemlp.trainer.study.StudyPlanner.PlannedCell;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Studies and their runs in the database. */
@Component
class StudyStore {

  /** A study as it was asked for. */
  record Study(String id, StudyRequest request, boolean stopped, Instant createdAt) {}

  /**
   * A cell with one seed.
   *
   * @param job the job submitted for it
   * @param failure why none could be
   */
  record Run(int cell, long seed, Optional<String> job, Optional<String> failure) {}

  /**
   * A run whose parent has ended.
   *
   * @param request the job's, without start
   * @param parentState FAILED too where the parent's job could not be submitted
   */
  record DueRun(
      String study,
      int cell,
      long seed,
      ObjectNode request,
      String submitter,
      String parentLabel,
      String parentModel,
      JobState parentState,
      Optional<Integer> parentVersion) {}

  private final JdbcClient jdbc;
  private final JsonMapper json;
  private final JobJson requests;
  private final TrainingJobs jobs;
  private final DataSetStore dataSets;

  StudyStore(
      JdbcClient jdbc,
      JsonMapper json,
      JobJson requests,
      TrainingJobs jobs,
      DataSetStore dataSets) {
    this.jdbc = jdbc;
    this.json = json;
    this.requests = requests;
    this.jobs = jobs;
    this.dataSets = dataSets;
  }

  /**
   * Records a study and queues the jobs of all runs that wait for no other, the first seed's first:
   * all of it or, if the submitter used the key before, nothing and false.
   */
  @Transactional
  boolean submit(
      String id,
      StudyRequest request,
      List<PlannedCell> cells,
      String submitter,
      @Nullable String idempotencyKey) {
    int inserted =
        jdbc.sql(
                """
                insert into studies (id, name, request, submitted_by, idempotency_key)
                values (?, ?, ?::json, ?, ?)
                on conflict (submitted_by, idempotency_key) do nothing
                """)
            .param(id)
            .param(request.name())
            .param(json.writeValueAsString(request))
            .param(submitter)
            .param(idempotencyKey)
            .update();
    if (inserted == 1) {
      for (long seed : request.seeds()) {
        cells.forEach(cell -> submit(id, cell, seed, submitter));
      }
    }
    return inserted == 1;
  }

  private void submit(String study, PlannedCell planned, long seed, String submitter) {
    ObjectNode request = JobJson.withSeed(planned.request(), seed);
    boolean waits = planned.cell().parent().isPresent();
    String job = UUID.randomUUID().toString();
    if (waits) {
      dataSets.hold(requests.read(request).dataSet());
    } else {
      jobs.submit(job, planned.plan().with(requests.read(request)), submitter);
    }
    jdbc.sql(
            """
            insert into study_runs (study_id, cell, seed, label, request, parent_cell, job_id)
            values (?, ?, ?, ?, ?::jsonb, ?, ?)
            """)
        .param(study)
        .param(planned.cell().index())
        .param(seed)
        .param(planned.cell().label())
        .param(json.writeValueAsString(request))
        .param(waits ? planned.cell().parent().getAsInt() : null)
        .param(waits ? null : job)
        .update();
  }

  /** The study that the submitter made with that key. */
  Optional<Study> submittedWith(String submitter, String idempotencyKey) {
    return jdbc.sql("select * from studies where submitted_by = ? and idempotency_key = ?")
        .param(submitter)
        .param(idempotencyKey)
        .query((row, n) -> study(row))
        .optional();
  }

  Optional<Study> find(String id) {
    return jdbc.sql("select * from studies where id = ?")
        .param(id)
        .query((row, n) -> study(row))
        .optional();
  }

  /** The newest studies, newest first. */
  List<Study> newest(int limit) {
    return jdbc.sql("select * from studies order by created_at desc, id limit ?")
        .param(limit)
        .query((row, n) -> study(row))
        .list();
  }

  private Study study(ResultSet row) throws SQLException {
    return new Study(
        row.getString("id"),
        json.readValue(row.getString("request"), StudyRequest.class),
        row.getBoolean("stopped"),
        row.getObject("created_at", OffsetDateTime.class).toInstant());
  }

  /** A study's runs, by cell and then in the order of its seeds' queueing. */
  List<Run> runs(String study) {
    return jdbc.sql("select cell, seed, job_id, failure from study_runs where study_id = ?")
        .param(study)
        .query((row, n) ->
            new Run(
                row.getInt("cell"),
                row.getLong("seed"),
                Optional.ofNullable(row.getString("job_id")),
                Optional.ofNullable(row.getString("failure"))))
        .list();
  }

  /** The runs that wait no longer: their parents have ended. */
  List<DueRun> due() {
    return jdbc.sql(
            """
            select r.study_id, r.cell, r.seed, r.request, s.submitted_by, p.label as parent_label,
              p.request ->> 'name' as parent_model, coalesce(j.state, 'FAILED') as parent_state,
              j.version as parent_version
            from study_runs r
            join studies s on s.id = r.study_id and not s.stopped
            join study_runs p
              on p.study_id = r.study_id and p.cell = r.parent_cell and p.seed = r.seed
            left join training_jobs j on j.id = p.job_id
            where r.job_id is null and r.failure is null
              and (p.failure is not null or j.state in ('COMPLETED', 'FAILED', 'STOPPED'))
            order by s.created_at, r.study_id, j.ended_at, r.cell
            """)
        .query((row, n) ->
            new DueRun(
                row.getString("study_id"),
                row.getInt("cell"),
                row.getLong("seed"),
                (ObjectNode) json.readTree(row.getString("request")),
                row.getString("submitted_by"),
                row.getString("parent_label"),
                row.getString("parent_model"),
                JobState.valueOf(row.getString("parent_state")),
                Optional.ofNullable(row.getObject("parent_version", Integer.class))))
        .list();
  }

  /** Queues the job of a run, unless another did so or the study was stopped meanwhile. */
  @Transactional
  void begin(DueRun run, TrainingJobs.Plan plan) {
    if (isStillDue(run)) {
      String job = UUID.randomUUID().toString();
      jobs.submit(job, plan, run.submitter());
      update(run, "job_id", job);
    }
  }

  /** Records that no job can be submitted for a run. */
  @Transactional
  void fail(DueRun run, String reason) {
    if (isStillDue(run)) {
      update(run, "failure", reason);
    }
  }

  /** Locks the study against being stopped, then the run against others that begin it. */
  private boolean isStillDue(DueRun run) {
    boolean goesOn =
        jdbc.sql("select id from studies where id = ? and not stopped for share")
            .param(run.study())
            .query(String.class)
            .optional()
            .isPresent();
    return goesOn
        && jdbc.sql(
                """
                select cell from study_runs
                where study_id = ? and cell = ? and seed = ? and job_id is null and failure is null
                for update
                """)
            .param(run.study())
            .param(run.cell())
            .param(run.seed())
            .query(Integer.class)
            .optional()
            .isPresent();
  }

  private void update(DueRun run, String column, String value) {
    jdbc.sql(
            "update study_runs set " + column + " = ? where study_id = ? and cell = ? and seed = ?")
        .param(value)
        .param(run.study())
        .param(run.cell())
        .param(run.seed())
        .update();
  }

  /** Asks every job of the study to stop; no further one begins. */
  @Transactional
  void stop(String id) {
    jdbc.sql("update studies set stopped = true where id = ?").param(id).update();
    runs(id).forEach(run -> run.job().ifPresent(jobs::stop));
  }
}
