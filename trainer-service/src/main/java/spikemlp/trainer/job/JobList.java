package spikemlp.trainer.job;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import spikemlp.contract.card.Parent;
import spikemlp.contract.job.DataSetSpec;
import spikemlp.contract.job.JobKind;
import spikemlp.contract.job.JobProgress;
import spikemlp.contract.job.JobState;
import spikemlp.contract.job.TrainingJobPage;
import spikemlp.contract.job.TrainingJobSummary;
import spikemlp.trainer.query.PageToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * The list of jobs, newest first, a page at a time. A page begins after a job, not after a number
 * of jobs, so that a walk through the pages sees each job once though others come meanwhile.
 */
@Component
class JobList {

  /** A statement with the values of its parameters. */
  record Query(String sql, Map<String, Object> values) {}

  private final JdbcClient jdbc;
  private final JsonMapper json;

  JobList(JdbcClient jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  /** The page that the filter asks for. */
  TrainingJobPage page(JobFilter filter) {
    Query query = query(filter);
    List<TrainingJobSummary> found =
        jdbc.sql(query.sql()).params(query.values()).query((row, n) -> summary(row)).list();
    if (found.size() <= filter.limit()) {
      return new TrainingJobPage(found, null);
    }
    TrainingJobSummary last = found.get(filter.limit() - 1);
    return new TrainingJobPage(
        found.subList(0, filter.limit()), new PageToken(last.createdAt(), last.id()).text());
  }

  /** The statement for a page and one job more, which tells whether there is a next page. */
  static Query query(JobFilter filter) {
    List<String> conditions = new ArrayList<>();
    Map<String, Object> values = new HashMap<>();
    if (!filter.states().isEmpty()) {
      conditions.add("state in (:stored) and " + JobStore.SHOWN_STATE + " in (:shown)");
      values.put("stored", names(stored(filter.states())));
      values.put("shown", names(filter.states()));
    }
    filter
        .name()
        .ifPresent(name -> {
          conditions.add("name = :name");
          values.put("name", name);
        });
    filter
        .dataSet()
        .ifPresent(dataSet -> {
          conditions.add(
              ":dataSet in (request -> 'dataSet' ->> 'kind', request -> 'dataSet' ->> 'path',"
                  + " request -> 'dataSet' ->> 'id')");
          values.put("dataSet", dataSet);
        });
    filter
        .createdAfter()
        .ifPresent(time -> {
          conditions.add("created_at > :createdAfter");
          values.put("createdAfter", utc(time));
        });
    filter
        .createdBefore()
        .ifPresent(time -> {
          conditions.add("created_at < :createdBefore");
          values.put("createdBefore", utc(time));
        });
    filter
        .after()
        .ifPresent(place -> {
          conditions.add("(created_at, id) < (:placeTime, :placeId)");
          values.put("placeTime", utc(place.createdAt()));
          values.put("placeId", place.id());
        });
    values.put("limit", filter.limit() + 1);
    String where = conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
    return new Query(
        """
        select id, name, %s as shown_state, request -> 'dataSet' as data_set, progress, failure,
          version, metrics, seconds_by_step, created_at, started_at, ended_at,
          start_version -> 'parent' as parent, kind, origin, weights_sha256, expected_weights
        from training_jobs%s order by created_at desc, id desc limit :limit
        """
            .formatted(JobStore.SHOWN_STATE, where),
        values);
  }

  /** The states in the table that may be shown as one of these. */
  private static Set<JobState> stored(Set<JobState> shown) {
    Set<JobState> stored = new HashSet<>(shown);
    if (shown.contains(JobState.RECOVERING)) {
      stored.add(JobState.RUNNING);
    }
    return stored;
  }

  private static Set<String> names(Set<JobState> states) {
    return states.stream().map(JobState::name).collect(Collectors.toSet());
  }

  private static OffsetDateTime utc(Instant time) {
    return time.atOffset(ZoneOffset.UTC);
  }

  private TrainingJobSummary summary(ResultSet row) throws SQLException {
    return new TrainingJobSummary(
        row.getString("id"),
        row.getString("name"),
        JobState.valueOf(row.getString("shown_state")),
        Optional.ofNullable(row.getString("data_set"))
            .map(spec -> json.readValue(spec, DataSetSpec.class))
            .orElseGet(DataSetSpec::digits),
        json.readValue(row.getString("progress"), JobProgress.class),
        row.getString("failure"),
        row.getObject("version", Integer.class),
        json.readValue(row.getString("metrics"), JobStore.NUMBERS),
        json.readValue(row.getString("seconds_by_step"), JobStore.NUMBERS),
        Objects.requireNonNull(JobStore.instant(row, "created_at")),
        JobStore.instant(row, "started_at"),
        JobStore.instant(row, "ended_at"),
        parent(row.getString("parent")),
        JobKind.valueOf(row.getString("kind")),
        row.getString("origin"),
        row.getString("weights_sha256"),
        JobStore.reproduction(row));
  }

  private @Nullable Parent parent(@Nullable String parent) {
    return parent == null ? null : json.readValue(parent, Parent.class);
  }
}
