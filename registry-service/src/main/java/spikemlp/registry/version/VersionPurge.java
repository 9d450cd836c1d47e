package spikemlp.registry.version;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import spikemlp.registry.audit.AuditLog;

/**
 * Ends deleted versions whose grace period is over. Their numbers are never given again; what they
 * were is in the audit log.
 */
@Component
class VersionPurge {

  private static final String ACTOR = "registry";

  private record Due(String model, int version) {}

  private final JdbcClient jdbc;
  private final TransactionOperations transaction;
  private final Models models;
  private final AuditLog audit;
  private final VersionProperties properties;

  VersionPurge(
      JdbcClient jdbc,
      TransactionOperations transaction,
      Models models,
      AuditLog audit,
      VersionProperties properties) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.models = models;
    this.audit = audit;
    this.properties = properties;
  }

  /** Ends every version that is due, each in a transaction of its own. */
  @Scheduled(
      initialDelayString = "${spikemlp.registry.versions.purge-interval:1h}",
      fixedDelayString = "${spikemlp.registry.versions.purge-interval:1h}")
  void purge() {
    List<Due> due =
        jdbc.sql(
                """
                select m.name, v.version
                  from model_version v join model m on m.id = v.model_id
                 where v.deleted_at < now() - make_interval(secs => ?)
                 order by v.id
                """)
            .param((double) properties.gracePeriod().toSeconds())
            .query((row, number) -> new Due(row.getString("name"), row.getInt("version")))
            .list();
    due.forEach(each -> transaction.executeWithoutResult(status -> end(each)));
  }

  private void end(Due due) {
    long modelId = models.lock(due.model());
    jdbc.sql(
            """
            select id from model_version
             where model_id = ? and version = ? and deleted_at < now() - make_interval(secs => ?)
               for update
            """)
        .params(modelId, due.version(), (double) properties.gracePeriod().toSeconds())
        .query(Long.class)
        .optional()
        .ifPresent(id -> {
          Map<String, String> files = files(id);
          jdbc.sql("delete from version_artifact where version_id = ?").param(id).update();
          jdbc.sql("delete from model_version where id = ?").param(id).update();
          audit.append(
              ACTOR,
              "version.purge",
              due.model() + ":" + due.version(),
              Map.of("artifacts", files));
        });
  }

  private Map<String, String> files(long versionId) {
    return jdbc
        .sql("select file, sha256 from version_artifact where version_id = ?")
        .param(versionId)
        .query((row, number) -> Map.entry(row.getString("file"), row.getString("sha256")))
        .list()
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
