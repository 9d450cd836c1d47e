package spikemlp.registry.audit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import spikemlp.problem.ProblemException;

/** Reads the audit log, a page at a time. */
@Component
class AuditReader {

  /**
   * Some of the entries, the latest first.
   *
   * @param next what {@code after} continues with; null if no older entry is left
   */
  record AuditPage(List<AuditEntry> items, @Nullable String next) {}

  private final JdbcClient jdbc;

  AuditReader(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** The entries that the filter asks for. */
  AuditPage page(AuditFilter filter) {
    List<String> conditions = new ArrayList<>(List.of("true"));
    Map<String, Object> values = new LinkedHashMap<>();
    add("model = :model", "model", filter.model(), conditions, values);
    add("subject = :subject", "subject", filter.subject(), conditions, values);
    add("actor = :actor", "actor", filter.actor(), conditions, values);
    add("action = :action", "action", filter.action(), conditions, values);
    add("at >= :since", "since", filter.since(), conditions, values);
    add("at < :until", "until", filter.until(), conditions, values);
    add("id < :after", "after", filter.after(), conditions, values);
    values.put("limit", filter.limit() + 1);
    List<AuditEntry> found =
        jdbc.sql(
                """
                select id, at, actor, action, subject, detail -> 'from' as before,
                       detail -> 'to' as after, detail - 'from' - 'to' as rest
                  from audit_log where %s order by id desc limit :limit
                """
                    .formatted(String.join(" and ", conditions)))
            .params(values)
            .query((row, number) ->
                new AuditEntry(
                    row.getLong("id"),
                    row.getTimestamp("at").toInstant(),
                    row.getString("actor"),
                    row.getString("action"),
                    row.getString("subject"),
                    row.getString("before"),
                    row.getString("after"),
                    row.getString("rest")))
            .list();
    boolean more = found.size() > filter.limit();
    List<AuditEntry> items = more ? found.subList(0, filter.limit()) : found;
    return new AuditPage(items, more ? String.valueOf(items.getLast().id()) : null);
  }

  /**
   * Refuses a model that is not there.
   *
   * @throws ProblemException 404 {@code model-not-found}
   */
  void requireModel(String name) {
    boolean exists =
        jdbc.sql("select exists (select from model where name = ?)")
            .param(name)
            .query(Boolean.class)
            .single();
    if (!exists) {
      throw new ProblemException(
          HttpStatus.NOT_FOUND, "model-not-found", "no model is named '" + name + "'");
    }
  }

  private static void add(
      String condition,
      String name,
      Optional<?> value,
      List<String> conditions,
      Map<String, Object> values) {
    value.ifPresent(given -> {
      conditions.add(condition);
      values.put(name, given);
    });
  }
}
