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
import spikemlp.contract.card.ExportProof;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.registry.Artifact;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.contract.registry.RegisterVersionRequest;
import spikemlp.contract.registry.VersionState;
import spikemlp.problem.ProblemException;
import spikemlp.registry.StoredJson;
import spikemlp.registry.artifact.Artifacts;
import spikemlp.registry.audit.AuditLog;
import tools.jackson.core.type.TypeReference;

/**
 * Model versions. A registration is one transaction under the model's row lock: the number, the
 * version, its files and the audit row appear together or not at all.
 */
@Component
public class Versions {

  private static final String SELECT =
      """
      select m.name as model, v.version, v.state, v.source_job_id, v.card, v.metrics, v.proof,
             v.created_at,
             array(select a.name from alias a
                    where a.model_id = v.model_id and a.version = v.version
                    order by a.name) as aliases,
             (select coalesce(jsonb_object_agg(f.file,
                                jsonb_build_object('sha256', f.sha256, 'size', c.size)), '{}')
                from version_artifact f join artifact c on c.sha256 = f.sha256
               where f.version_id = v.id) as artifacts,
             array(select f.file
                     from version_artifact f join artifact c on c.sha256 = f.sha256
                    where f.version_id = v.id and c.damaged_at is not null
                    order by f.file) as damaged
        from model_version v join model m on m.id = v.model_id
       where m.name = ?
      """;
  private static final TypeReference<Map<String, Artifact>> FILES = new TypeReference<>() {};
  private static final TypeReference<Map<String, Double>> METRICS = new TypeReference<>() {};

  /** A registration's outcome: the version, and whether this request made it. */
  public record Registration(ModelVersion version, boolean created) {}

  private final JdbcClient jdbc;
  private final TransactionOperations transaction;
  private final Models models;
  private final Artifacts artifacts;
  private final AuditLog audit;
  private final StoredJson json;

  Versions(
      JdbcClient jdbc,
      TransactionOperations transaction,
      Models models,
      Artifacts artifacts,
      AuditLog audit,
      StoredJson json) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.models = models;
    this.artifacts = artifacts;
    this.audit = audit;
    this.json = json;
  }

  /**
   * Registers the next version, or answers with the one that the same job made before.
   *
   * @throws spikemlp.contract.network.InvalidConfigurationException naming every wrong value
   * @throws ProblemException 409 {@code artifact-missing} naming every file that is not there
   */
  Registration register(String model, RegisterVersionRequest request, String actor) {
    return register(model, request, RegistrationCheck.state(request), actor);
  }

  /**
   * Registers the next version in a state that the caller has found for it; see {@link
   * #register(String, RegisterVersionRequest, String)}.
   */
  public Registration register(
      String model, RegisterVersionRequest request, VersionState state, String actor) {
    RegistrationCheck.check(model, request);
    Optional<ModelVersion> earlier = find(model, "v.source_job_id = ?", request.sourceJobId());
    if (earlier.isPresent()) {
      return new Registration(earlier.get(), false);
    }
    refuseMissing(request); // reads the files; again below, by then cheap, under the rows' locks
    boolean created = transaction.execute(status -> insert(model, request, state, actor));
    ModelVersion version = find(model, "v.source_job_id = ?", request.sourceJobId()).orElseThrow();
    return new Registration(version, created);
  }

  /** Every version of the model, the newest first. */
  List<ModelVersion> list(String model) {
    models.get(model);
    return jdbc.sql(SELECT + " order by v.version desc").param(model).query(this::read).list();
  }

  /**
   * The model's version of that number.
   *
   * @throws ProblemException 404 {@code model-not-found} or {@code version-not-found}
   */
  public ModelVersion get(String model, int version) {
    return find(model, "v.version = ?", version)
        .orElseThrow(() ->
            new ProblemException(
                HttpStatus.NOT_FOUND,
                "version-not-found",
                "model '"
                    + model
                    + "' has no version "
                    + version
                    + "; it has "
                    + models.get(model).versions()));
  }

  /** The newest READY version, if there is one. */
  public Optional<ModelVersion> newestReady(String model) {
    return find(model, "v.state = ? order by v.version desc limit 1", VersionState.READY.name());
  }

  private boolean insert(
      String model, RegisterVersionRequest request, VersionState state, String actor) {
    long modelId = models.lockOrCreate(model, actor);
    if (find(model, "v.source_job_id = ?", request.sourceJobId()).isPresent()) {
      return false;
    }
    refuseMissing(request);
    int number =
        jdbc.sql(
                "update model set last_version = last_version + 1 where id = ? returning last_version")
            .param(modelId)
            .query(Integer.class)
            .single();
    long id =
        jdbc.sql(
                """
                insert into model_version
                       (model_id, version, state, source_job_id, card, metrics, proof)
                values (?, ?, ?, ?, cast(? as jsonb), cast(? as jsonb), cast(? as jsonb))
                returning id
                """)
            .params(
                modelId,
                number,
                state.name(),
                request.sourceJobId(),
                json.write(request.card()),
                json.write(request.metrics()),
                json.write(request.proof()))
            .query(Long.class)
            .single();
    request
        .artifacts()
        .forEach((file, artifact) ->
            jdbc.sql("insert into version_artifact (version_id, file, sha256) values (?, ?, ?)")
                .params(id, file, artifact.sha256())
                .update());
    audit.append(
        actor,
        "version.register",
        model + ":" + number,
        Map.of("state", state, "sourceJobId", request.sourceJobId()));
    return true;
  }

  private void refuseMissing(RegisterVersionRequest request) {
    List<String> obstacles = artifacts.obstacles(request.artifacts());
    if (!obstacles.isEmpty()) {
      throw new ProblemException(
          HttpStatus.CONFLICT,
          "artifact-missing",
          String.join("; ", obstacles) + "; upload each file before the version is registered");
    }
  }

  private Optional<ModelVersion> find(String model, String condition, Object value) {
    return jdbc.sql(SELECT + " and " + condition).params(model, value).query(this::read).optional();
  }

  private ModelVersion read(ResultSet row, int number) throws SQLException {
    return new ModelVersion(
        row.getString("model"),
        row.getInt("version"),
        VersionState.valueOf(row.getString("state")),
        List.of((String[]) row.getArray("aliases").getArray()),
        row.getString("source_job_id"),
        json.read(row.getString("card"), ModelCard.class),
        json.read(row.getString("artifacts"), FILES),
        json.read(row.getString("metrics"), METRICS),
        json.read(row.getString("proof"), ExportProof.class),
        row.getTimestamp("created_at").toInstant(),
        List.of((String[]) row.getArray("damaged").getArray()));
  }
}
