package spikemlp.trainer.job;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import spikemlp.contract.job.JobState;
import spikemlp.signal.Signals;
import tools.jackson.databind.json.JsonMapper;

/**
 * The events of jobs, kept for streams that begin late or begin again. Of a job's {@code progress}
 * events only the newest is kept.
 */
@Component
class JobEvents {

  /** What an event tells of. */
  enum Kind {
    PROGRESS,
    METRIC,
    STATE,
    END;

    /** The name on the wire and in the table. */
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One event.
   *
   * @param id grows within a job
   * @param data JSON
   */
  record Event(long id, Kind kind, String data) {}

  /** The data of a {@code state} event. */
  record StateChange(JobState state, @Nullable String failure) {}

  private final JdbcClient jdbc;
  private final JsonMapper json;
  private final Signals signals;

  JobEvents(JdbcClient jdbc, JsonMapper json, Signals signals) {
    this.jdbc = jdbc;
    this.json = json;
    this.signals = signals;
  }

  /**
   * Adds an event to the running transaction, which must have changed the job's row before: the
   * row's lock is what orders the events of a job.
   */
  void append(String job, Kind kind, Object data) {
    if (kind == Kind.PROGRESS) {
      jdbc.sql("delete from job_events where job_id = ? and kind = 'progress'").param(job).update();
    }
    jdbc.sql("insert into job_events (job_id, kind, data) values (?, ?, ?::jsonb)")
        .param(job)
        .param(kind.label())
        .param(json.writeValueAsString(data))
        .update();
    signals.afterCommit();
  }

  /** The events of a job after {@code id}, oldest first, at most 500. */
  List<Event> after(String job, long id) {
    return jdbc.sql(
            "select id, kind, data::text from job_events where job_id = ? and id > ?"
                + " order by id limit 500")
        .param(job)
        .param(id)
        .query((row, n) ->
            new Event(
                row.getLong("id"),
                Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                row.getString("data")))
        .list();
  }

  /** The id of a job's newest event; 0 if there is none. */
  long newest(String job) {
    return jdbc.sql("select coalesce(max(id), 0) from job_events where job_id = ?")
        .param(job)
        .query((row, n) -> row.getLong(1))
        .single();
  }

  /** The newest {@code state} event of a job. */
  Optional<Event> latestState(String job) {
    return jdbc.sql(
            "select id, data::text from job_events where job_id = ? and kind = 'state'"
                + " order by id desc limit 1")
        .param(job)
        .query((row, n) -> new Event(row.getLong("id"), Kind.STATE, row.getString("data")))
        .optional();
  }
}
