package spikemlp.registry.artifact;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;
import spikemlp.registry.audit.AuditLog;

/**
 * Removes the artifacts that no version refers to and nobody asked for during the grace period,
 * contents that no row knows, abandoned uploads and temporary files.
 *
 * <p>A row goes first, under its lock, which a registration that refers to it shares: either the
 * registration comes first and the row stays, or it finds no row. The content goes in a transaction
 * of its own, under the lock of its hash, if there is no row then: an upload of the same content
 * comes before or after. A crash in between leaves a content without a row, which the next
 * collection removes.
 */
@Component
class ArtifactCollection {

  private static final Logger log = LoggerFactory.getLogger(ArtifactCollection.class);
  private static final int BATCH = 200;

  /**
   * What a collection removed.
   *
   * @param artifacts rows that no version referred to
   * @param contents files or objects without a row, those of the rows above included
   * @param uploads resumable uploads that nobody went on with
   */
  record Collected(int artifacts, int contents, int uploads) {}

  private final JdbcClient jdbc;
  private final TransactionOperations transaction;
  private final ArtifactStore store;
  private final Artifacts artifacts;
  private final Uploads uploads;
  private final AuditLog audit;
  private final Duration grace;

  ArtifactCollection(
      JdbcClient jdbc,
      TransactionOperations transaction,
      ArtifactStore store,
      Artifacts artifacts,
      Uploads uploads,
      AuditLog audit,
      ArtifactProperties properties) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.store = store;
    this.artifacts = artifacts;
    this.uploads = uploads;
    this.audit = audit;
    this.grace = properties.artifactGrace();
  }

  @Scheduled(
      initialDelayString = "${spikemlp.registry.collection-interval:1h}",
      fixedDelayString = "${spikemlp.registry.collection-interval:1h}")
  void onSchedule() {
    try {
      Collected collected = collect(Artifacts.REGISTRY);
      log.info("collected {}", collected);
    } catch (IOException | DataAccessException | TransactionException e) {
      log.warn("artifacts could not be collected now", e);
    }
  }

  /** Removes all that may go now; may run at the same time as anything else, itself included. */
  Collected collect(String actor) throws IOException {
    int expired = uploads.expire();
    store.removeLeftOvers();
    int rows = 0;
    int removed;
    do {
      removed = removeRows(actor);
      rows += removed;
    } while (removed > 0);
    return new Collected(rows, removeContents(), expired);
  }

  private int removeRows(String actor) {
    return transaction.execute(status -> {
      List<String> candidates =
          jdbc.sql(
                  """
                  select sha256 from artifact a
                   where touched_at < now() - make_interval(secs => ?)
                     and not exists (select from version_artifact f where f.sha256 = a.sha256)
                   order by touched_at limit ? for update skip locked
                  """)
              .params(grace.toMillis() / 1000.0, BATCH)
              .query((row, number) -> row.getString(1))
              .list();
      int removed = 0;
      for (String sha256 : candidates) {
        // Looked up anew under the row's lock: a registration may have come in between.
        int gone =
            jdbc.sql(
                    """
                    delete from artifact a
                     where sha256 = ?
                       and not exists (select from version_artifact f where f.sha256 = a.sha256)
                    """)
                .param(sha256)
                .update();
        if (gone == 1) {
          audit.append(actor, "artifact.collect", sha256, Map.of());
        }
        removed += gone;
      }
      return removed;
    });
  }

  private int removeContents() throws IOException {
    List<String> batch = new ArrayList<>();
    int[] removed = {0};
    store.forEach(sha256 -> {
      batch.add(sha256);
      if (batch.size() == BATCH) {
        removed[0] += removeUnknown(batch);
        batch.clear();
      }
    });
    return removed[0] + removeUnknown(batch);
  }

  private int removeUnknown(List<String> contents) {
    if (contents.isEmpty()) {
      return 0;
    }
    Set<String> known =
        new HashSet<>(
            jdbc.sql("select sha256 from artifact where sha256 in (:contents)")
                .param("contents", contents)
                .query((row, number) -> row.getString(1))
                .list());
    int removed = 0;
    for (String sha256 : contents) {
      if (!known.contains(sha256) && removeContent(sha256)) {
        removed++;
      }
    }
    return removed;
  }

  private boolean removeContent(String sha256) {
    return transaction.execute(status -> {
      artifacts.lock(sha256);
      if (artifacts.find(sha256).isPresent()) {
        return false;
      }
      try {
        store.remove(sha256);
        return true;
      } catch (IOException e) {
        log.warn("content {} could not be removed; the next collection tries again", sha256, e);
        return false;
      }
    });
  }
}
