package spikemlp.registry.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import spikemlp.contract.registry.Artifact;
import spikemlp.problem.ProblemException;
import spikemlp.registry.audit.AuditLog;

/**
 * The artifacts that the registry knows: a row each. A content is stored and its row made under a
 * lock of its hash, and only under that lock is a content without a row removed: whatever has a row
 * is there. A content without its row, left by a crash between the two, counts as not uploaded.
 */
@Component
public class Artifacts {

  private static final Logger log = LoggerFactory.getLogger(Artifacts.class);

  /** Who finds damage and removes what nobody needs, in the audit log. */
  static final String REGISTRY = "registry";

  /** An upload's outcome: the artifact, and whether it was new. */
  record Upload(Artifact artifact, boolean added) {}

  private record Known(byte @Nullable [] blocks, boolean damaged) {
    static Known read(ResultSet row, int number) throws SQLException {
      return new Known(row.getBytes("blocks"), row.getTimestamp("damaged_at") != null);
    }
  }

  private final ArtifactStore store;
  private final JdbcClient jdbc;
  private final TransactionOperations transaction;
  private final AuditLog audit;

  Artifacts(
      ArtifactStore store, JdbcClient jdbc, TransactionOperations transaction, AuditLog audit) {
    this.store = store;
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.audit = audit;
  }

  /** Stores the content and makes it known; see {@link ArtifactStore#receive} for refusals. */
  Upload upload(String sha256, long announced, InputStream content, String actor) {
    return store.receive(sha256, announced, content, staged -> adopt(staged, actor));
  }

  /** SHA-256 of all that {@code content} has, 64 hexadecimal digits. */
  public String hash(InputStream content) throws IOException {
    return ContentDigest.of(content).sha256();
  }

  /** Stores a content that the registry made of another one; see {@link #upload}. */
  public Artifact add(String sha256, long size, InputStream content, String actor) {
    return upload(sha256, size, content, actor).artifact();
  }

  /** Stores a content that has arrived and makes it known, in one transaction. */
  Upload adopt(Staged staged, String actor) {
    return transaction.execute(status -> {
      lock(staged.artifact().sha256());
      boolean added = store.put(staged);
      boolean unknown = recordUpload(staged, added, actor);
      return new Upload(staged.artifact(), unknown || added);
    });
  }

  private boolean recordUpload(Staged staged, boolean added, String actor) {
    Artifact artifact = staged.artifact();
    boolean unknown =
        jdbc.sql(
                    """
                    update artifact set touched_at = now(), damaged_at = null, blocks = ?
                     where sha256 = ?
                    """)
                .params(staged.blocks(), artifact.sha256())
                .update()
            == 0;
    if (unknown) {
      jdbc.sql("insert into artifact (sha256, size, blocks) values (?, ?, ?)")
          .params(artifact.sha256(), artifact.size(), staged.blocks())
          .update();
    }
    if (unknown || added) {
      audit.append(
          actor,
          unknown ? "artifact.upload" : "artifact.repair",
          artifact.sha256(),
          Map.of("size", artifact.size()));
    }
    return unknown;
  }

  /**
   * Locks a hash until the transaction ends. Contents are stored and removed under its lock, so
   * that the row and the content cannot part.
   */
  void lock(String sha256) {
    jdbc.sql("select true from pg_advisory_xact_lock(hashtextextended(?, 0))")
        .param(sha256)
        .query((row, number) -> row.getBoolean(1))
        .single();
  }

  /**
   * The artifact of that hash. Within a transaction it cannot be removed until the transaction
   * ends.
   */
  public Optional<Artifact> find(String sha256) {
    return jdbc.sql("select sha256, size from artifact where sha256 = ? for key share")
        .param(sha256)
        .query((row, number) -> new Artifact(row.getString("sha256"), row.getLong("size")))
        .optional();
  }

  /**
   * The artifact of that hash.
   *
   * @throws ProblemException 404 {@code artifact-not-found}
   */
  Artifact get(String sha256) {
    return find(new Artifact(sha256, 0).sha256())
        .orElseThrow(() ->
            new ProblemException(
                HttpStatus.NOT_FOUND, "artifact-not-found", "no artifact has SHA-256 " + sha256));
  }

  /** Begins the grace period anew: whoever asked may rely on the artifact for as long. */
  void touch(Artifact artifact) {
    jdbc.sql(
            """
            update artifact set touched_at = now()
             where sha256 = ? and touched_at < now() - interval '1 minute'
            """)
        .param(artifact.sha256())
        .update();
  }

  /**
   * The artifact's content, verified as it is read. Reading it fails at the first damaged block.
   *
   * @throws ProblemException 410 {@code artifact-corrupt} if it is known to be gone or damaged
   */
  public Resource content(Artifact artifact) {
    String sha256 = artifact.sha256();
    Known known =
        jdbc.sql("select blocks, damaged_at from artifact where sha256 = ?")
            .param(sha256)
            .query(Known::read)
            .optional()
            .orElseGet(() -> new Known(null, true));
    boolean intact = known.damaged() ? store.intactAnew(artifact) : store.intact(artifact);
    if (!intact) {
      reportDamage(artifact);
      throw new ProblemException(
          HttpStatus.GONE, "artifact-corrupt", DamagedContentException.advice(sha256));
    }
    if (known.damaged()) {
      clearDamage(artifact);
    }
    byte[] blocks = known.blocks() == null ? addBlocks(artifact) : known.blocks();
    return new ArtifactContent(
        sha256,
        artifact.size(),
        () ->
            store.open(
                artifact,
                blocks,
                () -> {
                  store.distrust(artifact.sha256());
                  reportDamage(artifact);
                }));
  }

  private byte[] addBlocks(Artifact artifact) {
    try {
      byte[] blocks = store.blocks(artifact);
      jdbc.sql("update artifact set blocks = ? where sha256 = ?")
          .params(blocks, artifact.sha256())
          .update();
      return blocks;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Marks the artifact, and by that the versions that refer to it; see {@code damage_event}. */
  private void reportDamage(Artifact artifact) {
    log.error("artifact {} is damaged or gone and is not served", artifact.sha256());
    transaction.executeWithoutResult(status -> {
      int marked =
          jdbc.sql("update artifact set damaged_at = now() where sha256 = ? and damaged_at is null")
              .param(artifact.sha256())
              .update();
      if (marked == 1) {
        audit.append(
            REGISTRY, "artifact.damaged", artifact.sha256(), Map.of("size", artifact.size()));
      }
    });
  }

  private void clearDamage(Artifact artifact) {
    transaction.executeWithoutResult(status -> {
      int cleared =
          jdbc.sql(
                  """
                  update artifact set damaged_at = null
                   where sha256 = ? and damaged_at is not null
                  """)
              .param(artifact.sha256())
              .update();
      if (cleared == 1) {
        audit.append(
            REGISTRY, "artifact.restored", artifact.sha256(), Map.of("size", artifact.size()));
      }
    });
  }

  /** What stands against a version of these files, in words; empty if all are there and intact. */
  public List<String> obstacles(Map<String, Artifact> files) {
    List<String> obstacles = new ArrayList<>();
    new TreeMap<>(files)
        .forEach((file, wanted) -> obstacle(file, wanted).ifPresent(obstacles::add));
    return List.copyOf(obstacles);
  }

  private Optional<String> obstacle(String file, Artifact wanted) {
    String name = file + " (" + wanted.sha256() + ")";
    Optional<Artifact> known = find(wanted.sha256());
    if (known.isEmpty()) {
      return Optional.of(name + " is not uploaded");
    }
    if (known.get().size() != wanted.size()) {
      return Optional.of(
          name + " has " + known.get().size() + " bytes, the request says " + wanted.size());
    }
    if (store.intact(wanted)) {
      return Optional.empty();
    }
    reportDamage(wanted);
    return Optional.of(name + " is damaged in the store; upload it again");
  }
}
