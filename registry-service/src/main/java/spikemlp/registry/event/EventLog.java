package spikemlp.registry.event;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import spikemlp.contract.registry.RegistryEvent;
import spikemlp.registry.StoredJson;
import tools.jackson.core.type.TypeReference;

/**
 * The events' table. Triggers write it at the commit of a change, one transaction after the other,
 * so that the ids appear in their order.
 */
@Component
public class EventLog {

  private static final String SELECT =
      "select id, at, kind, model, version, alias, detail from registry_event";
  private static final TypeReference<Map<String, Object>> DETAIL = new TypeReference<>() {};
  static final int PAGE = 500;

  private final JdbcClient jdbc;
  private final TransactionOperations transaction;
  private final StoredJson json;
  private final Duration retention;

  EventLog(
      JdbcClient jdbc,
      TransactionOperations transaction,
      StoredJson json,
      EventProperties properties) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.json = json;
    this.retention = properties.retention();
  }

  /** The event of that id, if it is still there. */
  public Optional<RegistryEvent> find(long id) {
    return jdbc.sql(SELECT + " where id = ?").param(id).query(this::read).optional();
  }

  /** Some of the events after {@code id}, the oldest first; none if there is none. */
  List<RegistryEvent> after(long id) {
    return jdbc.sql(SELECT + " where id > ? order by id limit " + PAGE)
        .param(id)
        .query(this::read)
        .list();
  }

  /** The newest event's id; 0 if there never was one. */
  long newest() {
    return jdbc.sql(
            """
            select greatest((select coalesce(max(id), 0) from registry_event),
                            (select id from registry_event_floor))
            """)
        .query(Long.class)
        .single();
  }

  /** Events up to this id may have been removed by age. */
  long floor() {
    return jdbc.sql("select id from registry_event_floor").query(Long.class).single();
  }

  @Scheduled(initialDelayString = "1h", fixedDelayString = "1h")
  void removeOld() {
    transaction.executeWithoutResult(status -> {
      jdbc.sql(
              """
              update registry_event_floor set id = greatest(id,
                  (select coalesce(max(e.id), 0) from registry_event e
                    where e.at < now() - make_interval(secs => ?)))
              """)
          .param(retention.toSeconds())
          .update();
      jdbc.sql("delete from registry_event where id <= (select id from registry_event_floor)")
          .update();
    });
  }

  private RegistryEvent read(ResultSet row, int number) throws SQLException {
    @Nullable Integer version = row.getObject("version", Integer.class);
    return new RegistryEvent(
        row.getLong("id"),
        row.getTimestamp("at").toInstant(),
        row.getString("kind"),
        row.getString("model"),
        version,
        row.getString("alias"),
        json.read(row.getString("detail"), DETAIL));
  }
}
