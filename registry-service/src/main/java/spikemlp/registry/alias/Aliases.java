package spikemlp.registry.alias;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import spikemlp.contract.registry.ModelReference;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.contract.registry.VersionState;
import spikemlp.problem.ProblemException;
import spikemlp.registry.alias.GateCondition.Failure;
import spikemlp.registry.audit.AuditLog;
import spikemlp.registry.version.Models;
import spikemlp.registry.version.Versions;
import spikemlp.security.Scope;

/**
 * Aliases; they move under the model's row lock, through their gate, and their history and the
 * audit log keep each move.
 */
@Component
public class Aliases {

  /** What a model's bare name means, if the model has it. */
  static final String CHAMPION = "champion";

  private final JdbcClient jdbc;
  private final TransactionOperations transaction;
  private final Models models;
  private final Versions versions;
  private final Gates gates;
  private final AliasHistory history;
  private final AuditLog audit;

  Aliases(
      JdbcClient jdbc,
      TransactionOperations transaction,
      Models models,
      Versions versions,
      Gates gates,
      AliasHistory history,
      AuditLog audit) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.models = models;
    this.versions = versions;
    this.gates = gates;
    this.history = history;
    this.audit = audit;
  }

  /**
   * Points the alias at a version if its gate lets it pass; pointing it where it points already
   * changes nothing.
   *
   * @param overrideReason why the gate does not matter, of a caller who may say so
   * @throws IllegalArgumentException if {@code alias} is no name
   * @throws ProblemException 404 {@code model-not-found}, {@code version-not-found}; 409 {@code
   *     version-not-ready}, {@code version-damaged}, {@code gate-refused} with each condition that
   *     failed
   */
  public void move(
      String model, String alias, int version, Optional<String> overrideReason, String actor) {
    AliasName.check(alias);
    transaction.executeWithoutResult(status -> {
      long modelId = models.lock(model);
      ModelVersion candidate = whole(ready(versions.get(model, version)));
      Optional<Integer> before = version(model, alias);
      if (before.isPresent() && before.get() == version) {
        return;
      }
      lock(modelId, version, before.orElse(version));
      List<Failure> failures =
          gates.failures(model, alias, candidate, before.map(held -> versions.get(model, held)));
      if (!failures.isEmpty() && overrideReason.isEmpty()) {
        throw refused(model, alias, version, failures);
      }
      jdbc.sql(
              """
              insert into alias (model_id, name, version) values (?, ?, ?)
              on conflict (model_id, name)
              do update set version = excluded.version, moved_at = now()
              """)
          .params(modelId, alias, version)
          .update();
      String reason = failures.isEmpty() ? null : overrideReason.orElseThrow();
      history.append(modelId, alias, before.orElse(null), version, actor, reason);
      audit(actor, model + "@" + alias, before, version, failures, reason);
    });
  }

  /** Keeps both versions as they are until the transaction ends. */
  private void lock(long modelId, int candidate, int holder) {
    jdbc.sql(
            """
            select version from model_version
             where model_id = ? and version in (?, ?) order by version for share
            """)
        .params(modelId, candidate, holder)
        .query((row, number) -> row.getInt("version"))
        .list();
  }

  private void audit(
      String actor,
      String subject,
      Optional<Integer> from,
      int to,
      List<Failure> failures,
      @Nullable String overrideReason) {
    Map<String, Object> detail = new LinkedHashMap<>();
    from.ifPresent(version -> detail.put("from", version));
    detail.put("to", to);
    if (overrideReason != null) {
      detail.put("overrideReason", overrideReason);
      detail.put("failed", failures);
    }
    audit.append(actor, overrideReason == null ? "alias.move" : "alias.override", subject, detail);
  }

  private static ProblemException refused(
      String model, String alias, int version, List<Failure> failures) {
    return new ProblemException(
        HttpStatus.CONFLICT,
        "gate-refused",
        "the gate of alias '"
            + alias
            + "' refuses version "
            + version
            + " of model '"
            + model
            + "': "
            + failures.stream().map(Failure::words).collect(Collectors.joining("; ")),
        Map.of("failed", failures));
  }

  /**
   * Removes the alias.
   *
   * @param ofGate whether one with a gate may be removed; else a removal would lead round the gate,
   *     as nothing would hold the alias then
   * @throws ProblemException 404 {@code model-not-found}, {@code alias-not-found}; 403 {@code
   *     forbidden}
   */
  public void remove(String model, String alias, boolean ofGate, String actor) {
    transaction.executeWithoutResult(status -> {
      long modelId = models.lock(model);
      int before = version(model, alias).orElseThrow(() -> notFound(model, alias));
      if (!ofGate && !gates.find(model, alias).isEmpty()) {
        throw new ProblemException(
            HttpStatus.FORBIDDEN,
            "forbidden",
            "alias '"
                + alias
                + "' of model '"
                + model
                + "' has a gate; its removal needs the scope "
                + Scope.ADMIN.label());
      }
      jdbc.sql("delete from alias where model_id = ? and name = ?").params(modelId, alias).update();
      history.append(modelId, alias, before, null, actor, null);
      audit.append(actor, "alias.remove", model + "@" + alias, Map.of("from", before));
    });
  }

  /**
   * The READY version that a reference means.
   *
   * @throws ProblemException 404 {@code model-not-found}, {@code version-not-found}, {@code
   *     alias-not-found}; 409 {@code version-not-ready}
   */
  public ModelVersion resolve(ModelReference reference) {
    String model = reference.name();
    Integer number = reference.version();
    if (number != null) {
      return ready(versions.get(model, number));
    }
    String alias = reference.alias();
    if (alias != null) {
      models.get(model);
      int named = version(model, alias).orElseThrow(() -> notFound(model, alias));
      return ready(versions.get(model, named));
    }
    Optional<Integer> champion = version(model, CHAMPION);
    if (champion.isPresent()) {
      return ready(versions.get(model, champion.get()));
    }
    int registered = models.get(model).versions();
    return versions
        .newestReady(model)
        .orElseThrow(() ->
            new ProblemException(
                HttpStatus.CONFLICT,
                "version-not-ready",
                "none of the "
                    + registered
                    + " versions of model '"
                    + model
                    + "' is READY, and it has no alias "
                    + CHAMPION));
  }

  private Optional<Integer> version(String model, String alias) {
    return jdbc.sql(
            """
            select a.version from alias a join model m on m.id = a.model_id
             where m.name = ? and a.name = ?
            """)
        .params(model, alias)
        .query(Integer.class)
        .optional();
  }

  private static ModelVersion ready(ModelVersion version) {
    if (version.state() != VersionState.READY) {
      throw new ProblemException(
          HttpStatus.CONFLICT,
          "version-not-ready",
          "version "
              + version.version()
              + " of model '"
              + version.model()
              + "' is "
              + version.state()
              + ", not READY");
    }
    return version;
  }

  private static ModelVersion whole(ModelVersion version) {
    if (!version.damaged().isEmpty()) {
      throw new ProblemException(
          HttpStatus.CONFLICT,
          "version-damaged",
          "version "
              + version.version()
              + " of model '"
              + version.model()
              + "' has damaged files ("
              + String.join(", ", version.damaged())
              + "); upload them again first");
    }
    return version;
  }

  private static ProblemException notFound(String model, String alias) {
    return new ProblemException(
        HttpStatus.NOT_FOUND,
        "alias-not-found",
        "model '" + model + "' has no alias '" + alias + "'");
  }
}
