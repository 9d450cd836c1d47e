package spikemlp.trainer.job;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import spikemlp.contract.job.JobLogLine;
import spikemlp.contract.job.JobLogPage;

/** The logs of jobs in the database, of each job the newest lines. */
@Component
class JobLogStore {

  /** Lines kept of a job. */
  static final int KEPT = 1_000;

  /** A line not yet stored. */
  record Line(String job, Instant time, String level, String message) {}

  private final JdbcClient jdbc;
  private final JdbcTemplate batches;

  JobLogStore(JdbcClient jdbc, JdbcTemplate batches) {
    this.jdbc = jdbc;
    this.batches = batches;
  }

  /** Adds lines in their order; those of jobs that are no longer there go unsaid. */
  @Transactional
  void append(List<Line> lines) {
    batches.batchUpdate(
        "insert into job_logs (job_id, logged_at, level, message)"
            + " select id, ?, ?, ? from training_jobs where id = ?",
        lines.stream()
            .map(line ->
                new Object[] {
                  line.time().atOffset(ZoneOffset.UTC), line.level(), line.message(), line.job()
                })
            .toList());
    lines.stream().map(Line::job).distinct().forEach(this::forgetOldest);
  }

  private void forgetOldest(String job) {
    jdbc.sql(
            "delete from job_logs where job_id = :job and id <= (select id from job_logs"
                + " where job_id = :job order by id desc offset :kept limit 1)")
        .param("job", job)
        .param("kept", KEPT)
        .update();
  }

  /** The lines of a job behind the line {@code after}, oldest first. */
  JobLogPage page(String job, long after, int limit) {
    List<JobLogLine> found =
        jdbc.sql("select * from job_logs where job_id = ? and id > ? order by id limit ?")
            .param(job)
            .param(after)
            .param(limit + 1)
            .query((row, n) ->
                new JobLogLine(
                    row.getLong("id"),
                    Objects.requireNonNull(JobStore.instant(row, "logged_at")),
                    row.getString("level"),
                    row.getString("message")))
            .list();
    return found.size() <= limit
        ? new JobLogPage(found, null)
        : new JobLogPage(found.subList(0, limit), Long.toString(found.get(limit - 1).id()));
  }
}
