package spikemlp.registry.audit;

import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import spikemlp.registry.StoredJson;

/** Appends to the audit log. Called within the transaction of the change that it records. */
@Component
public class AuditLog {

  private final JdbcClient jdbc;
  private final StoredJson json;

  AuditLog(JdbcClient jdbc, StoredJson json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  /**
   * Records one change.
   *
   * @param actor the token's subject
   * @param action what was done, such as {@code alias.move}
   * @param subject to what, such as {@code digits@champion}
   * @param detail the values before and after
   */
  public void append(String actor, String action, String subject, Map<String, ?> detail) {
    jdbc.sql(
            "insert into audit_log (actor, action, subject, detail) values (?, ?, ?, cast(? as jsonb))")
        .params(actor, action, subject, json.write(detail))
        .update();
  }
}
