package spikemlp.registry.version;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import spikemlp.contract.registry.RegisteredModel;
import spikemlp.problem.ProblemException;
import spikemlp.registry.StoredJson;
import spikemlp.registry.audit.AuditLog;
import spikemlp.registry.search.Field;
import spikemlp.registry.search.Field.Kind;
import spikemlp.registry.search.FieldSet;
import spikemlp.registry.search.Order;
import spikemlp.registry.search.Page;
import spikemlp.registry.search.PageQuery;
import spikemlp.registry.search.Rows;
import spikemlp.registry.search.Search;
import tools.jackson.core.type.TypeReference;

/** Registered models. What changes a model, its versions or its aliases locks the model's row. */
@Component
public class Models {

  private static final Field NAME = Field.of("name", "m.name", Kind.TEXT);

  /** What a search over models may name; metrics are those of the newest READY version. */
  public static final FieldSet FIELDS =
      FieldSet.of(
          List.of(NAME, Field.of("created", "m.created_at", Kind.INSTANT)),
          List.of(Field.texts("tags", "m.tags"), Field.numbers("metrics", "m.newest_metrics")),
          new Order(NAME, false));

  private static final String SELECT =
      """
      select m.name, m.description, m.created_at, m.tags,
             (select count(*) from model_version v
               where v.model_id = m.id and v.deleted_at is null) as versions,
             (select coalesce(jsonb_object_agg(a.name, a.version), '{}')
                from alias a where a.model_id = m.id) as aliases
      """;
  private static final Rows ROWS =
      new Rows(
          SELECT,
          "m.id, m.name, m.description, m.created_at, m.tags",
          "model m",
          "m",
          "m.name",
          false,
          List.of(),
          Map.of());
  private static final TypeReference<Map<String, Integer>> ALIASES = new TypeReference<>() {};
  private static final TypeReference<Map<String, String>> TAGS = new TypeReference<>() {};

  /** A creation's outcome: the model, and whether this request made it. */
  public record Creation(RegisteredModel model, boolean created) {}

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

  /**
   * A page of the models that the search finds.
   *
   * @throws ProblemException 400 if {@code after} is no page of this search
   */
  public Page<RegisteredModel> page(Search search, int limit, Optional<String> after) {
    return query(search, limit, after).read(jdbc, this::read);
  }

  static PageQuery query(Search search, int limit, Optional<String> after) {
    return PageQuery.of(ROWS, search, limit, after);
  }

  /**
   * The model of that name.
   *
   * @throws ProblemException 404 {@code model-not-found}
   */
  public RegisteredModel get(String name) {
    return jdbc.sql(SELECT + " from model m where m.name = ?")
        .param(name)
        .query(this::read)
        .optional()
        .orElseThrow(() -> notFound(name));
  }

  /**
   * Makes a model without versions, or finds the one of that name.
   *
   * @throws spikemlp.contract.network.InvalidConfigurationException naming every wrong value
   */
  public Creation create(String name, String description, Map<String, String> tags, String actor) {
    ModelName.check(name);
    Description.check(description);
    Tags.check(tags);
    boolean created = transaction.execute(status -> insert(name, description, tags, actor));
    return new Creation(get(name), created);
  }

  private boolean insert(String name, String description, Map<String, String> tags, String actor) {
    int inserted =
        jdbc.sql(
                """
                insert into model (name, description, tags) values (?, ?, cast(? as jsonb))
                on conflict (name) do nothing
                """)
            .params(name, description, json.write(tags))
            .update();
    if (inserted == 1) {
      audit.append(
          actor,
          "model.create",
          name,
          description.isEmpty() && tags.isEmpty()
              ? Map.of()
              : Map.of("to", Map.of("description", description, "tags", tags)));
    }
    return inserted == 1;
  }

  /** Replaces the description. */
  public RegisteredModel describe(String name, String description, String actor) {
    Description.check(description);
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
    insert(name, "", Map.of(), actor);
    return lock(name);
  }

  private RegisteredModel read(ResultSet row, int number) throws SQLException {
    return new RegisteredModel(
        row.getString("name"),
        row.getString("description"),
        row.getInt("versions"),
        json.read(row.getString("aliases"), ALIASES),
        row.getTimestamp("created_at").toInstant(),
        json.read(row.getString("tags"), TAGS));
  }

  private static ProblemException notFound(String name) {
    return new ProblemException(
        HttpStatus.NOT_FOUND, "model-not-found", "no model is named '" + name + "'");
  }
}
