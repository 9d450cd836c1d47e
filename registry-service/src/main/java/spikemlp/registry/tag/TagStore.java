package spikemlp.registry.tag;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import spikemlp.problem.ProblemException;
import spikemlp.registry.StoredJson;
import spikemlp.registry.audit.AuditLog;
import spikemlp.registry.version.Models;
import spikemlp.registry.version.Tags;
import spikemlp.registry.version.Versions;

/** Sets and deletes tags, under the model's row lock. */
@Component
public class TagStore {

  private final JdbcClient jdbc;
  private final TransactionOperations transaction;
  private final Models models;
  private final Versions versions;
  private final AuditLog audit;
  private final StoredJson json;

  TagStore(
      JdbcClient jdbc,
      TransactionOperations transaction,
      Models models,
      Versions versions,
      AuditLog audit,
      StoredJson json) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.models = models;
    this.versions = versions;
    this.audit = audit;
    this.json = json;
  }

  /**
   * Sets a model's tag.
   *
   * @throws spikemlp.contract.network.InvalidConfigurationException if it cannot be one
   * @throws ProblemException 404 {@code model-not-found}
   */
  public void set(String model, String key, String value, String actor) {
    change(model, key, tags -> tags.put(key, value), actor);
  }

  /**
   * Deletes a model's tag.
   *
   * @throws ProblemException 404 {@code model-not-found}, {@code tag-not-found}
   */
  public void delete(String model, String key, String actor) {
    change(model, key, tags -> removed(tags, key, "model '" + model + "'"), actor);
  }

  /**
   * Sets a version's tag.
   *
   * @throws spikemlp.contract.network.InvalidConfigurationException if it cannot be one
   * @throws ProblemException 404 {@code model-not-found}, {@code version-not-found}
   */
  public void set(String model, int version, String key, String value, String actor) {
    change(model, version, key, tags -> tags.put(key, value), actor);
  }

  /**
   * Deletes a version's tag.
   *
   * @throws ProblemException 404 {@code model-not-found}, {@code version-not-found}, {@code
   *     tag-not-found}
   */
  public void delete(String model, int version, String key, String actor) {
    change(
        model,
        version,
        key,
        tags -> removed(tags, key, "version " + version + " of model '" + model + "'"),
        actor);
  }

  private interface Change {
    void apply(Map<String, String> tags);
  }

  private void change(String model, String key, Change change, String actor) {
    transaction.executeWithoutResult(status -> {
      long id = models.lock(model);
      Map<String, String> before = models.get(model).tags();
      Map<String, String> after = changed(before, change);
      if (!after.equals(before)) {
        jdbc.sql("update model set tags = cast(? as jsonb) where id = ?")
            .params(json.write(after), id)
            .update();
        record(actor, "model.tag", model, key, before, after);
      }
    });
  }

  private void change(String model, int version, String key, Change change, String actor) {
    transaction.executeWithoutResult(status -> {
      long id = models.lock(model);
      Map<String, String> before = versions.get(model, version).tags();
      Map<String, String> after = changed(before, change);
      if (!after.equals(before)) {
        jdbc.sql(
                "update model_version set tags = cast(? as jsonb) where model_id = ? and version = ?")
            .params(json.write(after), id, version)
            .update();
        record(actor, "version.tag", model + ":" + version, key, before, after);
      }
    });
  }

  private static Map<String, String> changed(Map<String, String> before, Change change) {
    Map<String, String> after = new LinkedHashMap<>(before);
    change.apply(after);
    Tags.check(after);
    return after;
  }

  private static void removed(Map<String, String> tags, String key, String owner) {
    if (tags.remove(key) == null) {
      throw new ProblemException(
          HttpStatus.NOT_FOUND, "tag-not-found", owner + " has no tag '" + key + "'");
    }
  }

  private void record(
      String actor,
      String action,
      String subject,
      String key,
      Map<String, String> before,
      Map<String, String> after) {
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("key", key);
    if (before.containsKey(key)) {
      detail.put("from", before.get(key));
    }
    if (after.containsKey(key)) {
      detail.put("to", after.get(key));
    }
    audit.append(actor, action, subject, detail);
  }
}
