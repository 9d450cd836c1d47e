package spikemlp.registry.version;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import spikemlp.contract.registry.RegisteredModel;
import spikemlp.problem.ProblemException;
import spikemlp.registry.StoredJson;
import spikemlp.registry.audit.AuditLog;
import tools.jackson.core.type.TypeReference;

/** Registered models. What changes a model, its versions or its aliases locks the model's row. */
@Component
public class Models {

  private static final String SELECT =
      """
      select m.name, m.description, m.created_at,
             (select count(*) from model_version v where v.model_id = m.id) as versions,
             (select coalesce(jsonb_object_agg(a.name, a.version), '{}')
                from alias a where a.model_id = m.id) as aliases
        from model m
      """;
  private static final TypeReference<Map<String, Integer>> ALIASES = new TypeReference<>() {};

  private final JdbcClient jdbc;
  private final TransactionOperations transaction;
  private final AuditLog audit;
  private final StoredJson json;

  Models(JdbcClient jdbc, TransactionOperations transaction, AuditLog audit, StoredJson json) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.audit = audit;
    this.json = json;
  }

  /** Every model, by name. */
  List<RegisteredModel> list() {
    return jdbc.sql(SELECT + " order by m.name").query(this::read).list();
  }

  /**
   * The model of that name.
   *
   * @throws ProblemException 404 {@code model-not-found}
   */
  public RegisteredModel get(String name) {
    return jdbc.sql(SELECT + " where m.name = ?")
        .param(name)
        .query(this::read)
        .optional()
        .orElseThrow(() -> notFound(name));
  }

  /** Replaces the description. */
  RegisteredModel describe(String name, String description, String actor) {
    transaction.executeWithoutResult(status -> {
      long id = lock(name);
      String before = get(name).description();
      if (!before.equals(description)) {
        jdbc.sql("update model set description = ? where id = ?").params(description, id).update();
        audit.append(actor, "model.describe", name, Map.of("from", before, "to", description));
      }
    });
    return get(name);
  }

  /**
   * Locks the model's row until the transaction ends.
   *
   * @return the row's id
   * @throws ProblemException 404 {@code model-not-found}
   */
  public long lock(String name) {
    return jdbc.sql("select id from model where name = ? for update")
        .param(name)
        .query(Long.class)
        .optional()
        .orElseThrow(() -> notFound(name));
  }

  /** The same, making the model first if it is absent. */
  long lockOrCreate(String name, String actor) {
    int created =
        jdbc.sql("insert into model (name) values (?) on conflict (name) do nothing")
            .param(name)
            .update();
    if (created == 1) {
      audit.append(actor, "model.create", name, Map.of());
    }
    return lock(name);
  }

  private RegisteredModel read(ResultSet row, int number) throws SQLException {
    return new RegisteredModel(
        row.getString("name"),
        row.getString("description"),
        row.getInt("versions"),
        json.read(row.getString("aliases"), ALIASES),
        row.getTimestamp("created_at").toInstant());
  }

  private static ProblemException notFound(String name) {
    return new ProblemException(
        HttpStatus.NOT_FOUND, "model-not-found", "no model is named '" + name + "'");
  }
}
