package spikemlp.registry.alias;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.problem.ProblemException;
import spikemlp.registry.StoredJson;
import spikemlp.registry.alias.GateCondition.Failure;
import spikemlp.registry.audit.AuditLog;
import spikemlp.registry.version.Measures;
import spikemlp.registry.version.Models;
import tools.jackson.core.type.TypeReference;

/** The gates of aliases, changed and asked under the model's row lock. */
@Component
class Gates {

  private static final TypeReference<List<GateCondition>> CONDITIONS = new TypeReference<>() {};

  private final JdbcClient jdbc;
  private final TransactionOperations transaction;
  private final Models models;
  private final AuditLog audit;
  private final StoredJson json;

  Gates(
      JdbcClient jdbc,
      TransactionOperations transaction,
      Models models,
      AuditLog audit,
      StoredJson json) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.models = models;
    this.audit = audit;
    this.json = json;
  }

  /** The alias's conditions; empty if it has no gate. */
  List<GateCondition> find(String model, String alias) {
    return jdbc.sql(
            """
            select g.conditions from alias_gate g join model m on m.id = g.model_id
             where m.name = ? and g.alias = ?
            """)
        .params(model, alias)
        .query((row, number) -> json.read(row.getString("conditions"), CONDITIONS))
        .optional()
        .orElse(List.of());
  }

  /**
   * The alias's conditions.
   *
   * @throws ProblemException 404 {@code model-not-found}, {@code gate-not-found}
   */
  List<GateCondition> get(String model, String alias) {
    models.get(model);
    List<GateCondition> conditions = find(model, alias);
    if (conditions.isEmpty()) {
      throw new ProblemException(
          HttpStatus.NOT_FOUND,
          "gate-not-found",
          "alias '" + alias + "' of model '" + model + "' has no gate");
    }
    return conditions;
  }

  /**
   * Replaces the alias's conditions; what holds the alias now stays.
   *
   * @throws spikemlp.contract.network.InvalidConfigurationException naming all that is wrong
   * @throws ProblemException 404 {@code model-not-found}
   */
  void set(String model, String alias, List<GateCondition> conditions, String actor) {
    AliasName.check(alias);
    GateCheck.check(conditions);
    transaction.executeWithoutResult(status -> {
      long modelId = models.lock(model);
      List<GateCondition> before = find(model, alias);
      if (before.equals(conditions)) {
        return;
      }
      jdbc.sql(
              """
              insert into alias_gate (model_id, alias, conditions) values (?, ?, cast(? as jsonb))
              on conflict (model_id, alias)
              do update set conditions = excluded.conditions, set_at = now()
              """)
          .params(modelId, alias, json.write(conditions))
          .update();
      Map<String, Object> detail = new LinkedHashMap<>();
      if (!before.isEmpty()) {
        detail.put("from", before);
      }
      detail.put("to", conditions);
      audit.append(actor, "alias.gate", model + "@" + alias, detail);
    });
  }

  /**
   * Removes the gate.
   *
   * @throws ProblemException 404 {@code model-not-found}, {@code gate-not-found}
   */
  void remove(String model, String alias, String actor) {
    transaction.executeWithoutResult(status -> {
      long modelId = models.lock(model);
      List<GateCondition> before = get(model, alias);
      jdbc.sql("delete from alias_gate where model_id = ? and alias = ?")
          .params(modelId, alias)
          .update();
      audit.append(actor, "alias.gate", model + "@" + alias, Map.of("from", before));
    });
  }

  /** Every condition that the candidate does not fulfil. */
  List<Failure> failures(
      String model, String alias, ModelVersion candidate, Optional<ModelVersion> holder) {
    Map<String, Double> candidateNumbers = Measures.of(candidate);
    Optional<Map<String, Double>> holderNumbers = holder.map(Measures::of);
    return find(model, alias).stream()
        .flatMap(condition -> condition.failure(candidateNumbers, holderNumbers).stream())
        .toList();
  }
}
