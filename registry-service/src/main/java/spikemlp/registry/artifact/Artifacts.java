package spikemlp.registry.artifact;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import spikemlp.contract.registry.Artifact;
import spikemlp.problem.ProblemException;
import spikemlp.registry.audit.AuditLog;

/**
 * The artifacts that the registry knows: a row each, made after the file is safely stored. A file
 * without its row, left by a crash between the two, counts as not uploaded.
 */
@Component
public class Artifacts {

  /** An upload's outcome: the artifact, and whether it was new. */
  record Upload(Artifact artifact, boolean added) {}

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

  /** Stores the content and makes it known; see {@link ArtifactStore#write} for what is refused. */
  Upload upload(String sha256, long announced, InputStream content, String actor) {
    ArtifactStore.Stored stored = store.write(sha256, announced, content);
    boolean unknown = transaction.execute(status -> recordUpload(sha256, stored, actor));
    return new Upload(new Artifact(sha256, stored.size()), unknown || stored.added());
  }

  private boolean recordUpload(String sha256, ArtifactStore.Stored stored, String actor) {
    boolean unknown =
        jdbc.sql("insert into artifact (sha256, size) values (?, ?) on conflict do nothing")
                .params(sha256, stored.size())
                .update()
            == 1;
    if (unknown || stored.added()) {
      audit.append(
          actor,
          unknown ? "artifact.upload" : "artifact.repair",
          sha256,
          Map.of("size", stored.size()));
    }
    return unknown;
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

  /**
   * The artifact's file, verified.
   *
   * @throws ProblemException 410 {@code artifact-corrupt} if the file is gone or damaged
   */
  public Path content(Artifact artifact) {
    return store.verified(artifact);
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
    return store.intact(wanted)
        ? Optional.empty()
        : Optional.of(name + " is damaged in the store; upload it again");
  }
}
