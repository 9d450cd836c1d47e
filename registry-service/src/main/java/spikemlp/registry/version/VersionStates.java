package spikemlp.registry.version;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import spikemlp.contract.registry.VersionState;
import spikemlp.problem.ProblemException;
import spikemlp.registry.audit.AuditLog;

/**
 * What becomes of versions after their registration: PENDING → READY | FAILED → ARCHIVED and back,
 * deleted and brought back. Each change is made under the model's row lock, as alias moves are: no
 * version with an alias is ever archived or deleted. Asking for what is so already changes nothing.
 */
@Component
class VersionStates {

  private record Row(VersionState state, Optional<VersionState> archivedFrom, boolean deleted) {}

  private final JdbcClient jdbc;
  private final TransactionOperations transaction;
  private final Models models;
  private final Versions versions;
  private final AuditLog audit;
  private final VersionProperties properties;

  VersionStates(
      JdbcClient jdbc,
      TransactionOperations transaction,
      Models models,
      Versions versions,
      AuditLog audit,
      VersionProperties properties) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.models = models;
    this.versions = versions;
    this.audit = audit;
    this.properties = properties;
  }

  /**
   * Archives the version: it stays, and is neither served nor given an alias.
   *
   * @throws ProblemException 404 as {@link Versions#get}; 409 {@code version-aliased}, {@code
   *     version-pending}
   */
  void archive(String model, int version, String actor) {
    transaction.executeWithoutResult(status -> {
      long modelId = models.lock(model);
      versions.get(model, version);
      VersionState state = row(modelId, version).state();
      if (state == VersionState.ARCHIVED) {
        return;
      }
      refusePending(model, version, state);
      refuseAliased(model, version, "archived");
      update(modelId, version, "state = 'ARCHIVED', archived_from = state");
      change("version.archive", model, version, state, VersionState.ARCHIVED, actor);
    });
  }

  /**
   * Gives an archived version the state back that it had.
   *
   * @throws ProblemException 404 as {@link Versions#get}; 409 {@code version-pending}
   */
  void restore(String model, int version, String actor) {
    transaction.executeWithoutResult(status -> {
      long modelId = models.lock(model);
      versions.get(model, version);
      Row row = row(modelId, version);
      if (row.state() != VersionState.ARCHIVED) {
        refusePending(model, version, row.state());
        return;
      }
      update(modelId, version, "state = archived_from, archived_from = null");
      change(
          "version.restore", model, version, row.state(), row.archivedFrom().orElseThrow(), actor);
    });
  }

  /**
   * Deletes the version; its files and its row stay until the grace period is over.
   *
   * @throws ProblemException 404 {@code model-not-found}, {@code version-not-found}; 409 {@code
   *     version-aliased}
   */
  DeletedVersion delete(String model, int version, String actor) {
    transaction.executeWithoutResult(status -> {
      long modelId = models.lock(model);
      Row row = find(modelId, version).orElseGet(() -> absent(model, version));
      if (!row.deleted()) {
        refuseAliased(model, version, "deleted");
        update(modelId, version, "deleted_at = now()");
        audit.append(actor, "version.delete", model + ":" + version, Map.of("from", row.state()));
      }
    });
    return deleted(model).stream()
        .filter(each -> each.version() == version)
        .findFirst()
        .orElseThrow(() -> notFound(model, version));
  }

  /**
   * Brings a deleted version back with the state it had.
   *
   * @throws ProblemException 404 {@code model-not-found}, {@code version-not-found}
   */
  void undelete(String model, int version, String actor) {
    transaction.executeWithoutResult(status -> {
      long modelId = models.lock(model);
      Row row = find(modelId, version).orElseGet(() -> absent(model, version));
      if (row.deleted()) {
        update(modelId, version, "deleted_at = null");
        audit.append(actor, "version.undelete", model + ":" + version, Map.of("to", row.state()));
      }
    });
  }

  /** The model's deleted versions that can be brought back, the newest first. */
  List<DeletedVersion> deleted(String model) {
    models.get(model);
    return jdbc.sql(
            """
            select v.version, v.state, v.deleted_at
              from model_version v join model m on m.id = v.model_id
             where m.name = ? and v.deleted_at is not null
             order by v.version desc
            """)
        .param(model)
        .query((row, number) -> {
          Instant deletedAt = row.getTimestamp("deleted_at").toInstant();
          return new DeletedVersion(
              model,
              row.getInt("version"),
              VersionState.valueOf(row.getString("state")),
              deletedAt,
              deletedAt.plus(properties.gracePeriod()));
        })
        .list();
  }

  private Row row(long modelId, int version) {
    return find(modelId, version).orElseThrow();
  }

  private Optional<Row> find(long modelId, int version) {
    return jdbc.sql(
            """
            select state, archived_from, deleted_at is not null as deleted
              from model_version where model_id = ? and version = ? for update
            """)
        .params(modelId, version)
        .query((row, number) ->
            new Row(
                VersionState.valueOf(row.getString("state")),
                Optional.ofNullable(row.getString("archived_from")).map(VersionState::valueOf),
                row.getBoolean("deleted")))
        .optional();
  }

  private void update(long modelId, int version, String assignment) {
    jdbc.sql("update model_version set " + assignment + " where model_id = ? and version = ?")
        .params(modelId, version)
        .update();
  }

  private void change(
      String action, String model, int version, VersionState from, VersionState to, String actor) {
    audit.append(actor, action, model + ":" + version, Map.of("from", from, "to", to));
  }

  private void refuseAliased(String model, int version, String what) {
    List<String> aliases = versions.get(model, version).aliases();
    if (!aliases.isEmpty()) {
      throw new ProblemException(
          HttpStatus.CONFLICT,
          "version-aliased",
          "version "
              + version
              + " of model '"
              + model
              + "' has the alias "
              + String.join(", ", aliases)
              + "; move or remove it before the version is "
              + what);
    }
  }

  private static void refusePending(String model, int version, VersionState state) {
    if (state == VersionState.PENDING) {
      throw new ProblemException(
          HttpStatus.CONFLICT,
          "version-pending",
          "version "
              + version
              + " of model '"
              + model
              + "' is PENDING; wait until it is READY or FAILED");
    }
  }

  private Row absent(String model, int version) {
    versions.get(model, version);
    throw notFound(model, version);
  }

  private static ProblemException notFound(String model, int version) {
    return new ProblemException(
        HttpStatus.NOT_FOUND,
        "version-not-found",
        "model '" + model + "' has no version " + version);
  }
}
