package spikemlp.registry.alias;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import spikemlp.contract.registry.ModelReference;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.contract.registry.VersionState;
import spikemlp.problem.ProblemException;
import spikemlp.registry.audit.AuditLog;
import spikemlp.registry.version.Models;
import spikemlp.registry.version.Versions;

/**
 * Aliases; they move under the model's row lock, and their history and the audit log keep each
 * move.
 */
@Component
class Aliases {

  /** What a model's bare name means, if the model has it. */
  static final String CHAMPION = "champion";

  private final JdbcClient jdbc;
  private final TransactionOperations transaction;
  private final Models models;
  private final Versions versions;
  private final AuditLog audit;

  Aliases(
      JdbcClient jdbc,
      TransactionOperations transaction,
      Models models,
      Versions versions,
      AuditLog audit) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.models = models;
    this.versions = versions;
    this.audit = audit;
  }

  /**
   * Points the alias at a version; pointing it where it points already changes nothing.
   *
   * @throws IllegalArgumentException if {@code alias} is no name
   * @throws ProblemException 404 {@code model-not-found}, {@code version-not-found}; 409 {@code
   *     version-not-ready}
   */
  void move(String model, String alias, int version, String actor) {
    if (!ModelReference.isName(alias)) {
      throw new IllegalArgumentException(
          "'"
              + alias
              + "' names no alias; one is 1 to 64 of a-z, 0-9, '.', '_', '-' and begins with a"
              + " letter or digit");
    }
    transaction.executeWithoutResult(status -> {
      long modelId = models.lock(model);
      ready(versions.get(model, version));
      Optional<Integer> before = version(model, alias);
      if (before.isPresent() && before.get() == version) {
        return;
      }
      jdbc.sql(
              """
              insert into alias (model_id, name, version) values (?, ?, ?)
              on conflict (model_id, name)
              do update set version = excluded.version, moved_at = now()
              """)
          .params(modelId, alias, version)
          .update();
      record(modelId, alias, before.orElse(null), version, actor);
      audit.append(
          actor,
          "alias.move",
          model + "@" + alias,
          before.isPresent() ? Map.of("from", before.get(), "to", version) : Map.of("to", version));
    });
  }

  /**
   * Removes the alias.
   *
   * @throws ProblemException 404 {@code model-not-found}, {@code alias-not-found}
   */
  void remove(String model, String alias, String actor) {
    transaction.executeWithoutResult(status -> {
      long modelId = models.lock(model);
      int before = version(model, alias).orElseThrow(() -> notFound(model, alias));
      jdbc.sql("delete from alias where model_id = ? and name = ?").params(modelId, alias).update();
      record(modelId, alias, before, null, actor);
      audit.append(actor, "alias.remove", model + "@" + alias, Map.of("from", before));
    });
  }

  /**
   * The READY version that a reference means.
   *
   * @throws ProblemException 404 {@code model-not-found}, {@code version-not-found}, {@code
   *     alias-not-found}; 409 {@code version-not-ready}
   */
  ModelVersion resolve(ModelReference reference) {
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

  private void record(
      long modelId, String alias, @Nullable Integer from, @Nullable Integer to, String actor) {
    jdbc.sql(
            """
            insert into alias_history (model_id, alias, from_version, to_version, actor)
            values (:model, :alias, :from, :to, :actor)
            """)
        .param("model", modelId)
        .param("alias", alias)
        .param("from", from)
        .param("to", to)
        .param("actor", actor)
        .update();
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

  private static ProblemException notFound(String model, String alias) {
    return new ProblemException(
        HttpStatus.NOT_FOUND,
        "alias-not-found",
        "model '" + model + "' has no alias '" + alias + "'");
  }
}
