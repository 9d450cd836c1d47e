package spikemlp.registry.version;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
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
import spikemlp.registry.search.Field;
import spikemlp.registry.search.Field.Kind;
import spikemlp.registry.search.FieldSet;
import spikemlp.registry.search.Order;
import spikemlp.registry.search.Page;
import spikemlp.registry.search.PageQuery;
import spikemlp.registry.search.Rows;
import spikemlp.registry.search.Search;
import tools.jackson.core.type.TypeReference;

/**
 * Model versions. A registration is one transaction under the model's row lock: the number, the
 * version, its files and the audit row appear together or not at all.
 */
@Component
public class Versions {

  private static final Field VERSION = Field.of("version", "v.version", Kind.NUMBER);
  private static final Field CREATED = Field.of("created", "v.created_at", Kind.INSTANT);

  /** What a search over versions may name. */
  public static final FieldSet FIELDS = fields(new Order(VERSION, true));

  /** The same for versions of all models, the last registered first. */
  public static final FieldSet FIELDS_OF_ALL = fields(new Order(CREATED, true));

  private static final String SELECT =
      """
      select v.model, v.version, v.state, v.source_job_id, v.card, v.metrics, v.proof,
             v.created_at, v.tags,
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
      """;
  private static final String COLUMNS = "v.*, m.name as model";
  private static final String FROM = "model_version v join model m on m.id = v.model_id";
  private static final String KEPT = "v.deleted_at is null";
  private static final TypeReference<Map<String, Artifact>> FILES = new TypeReference<>() {};
  private static final TypeReference<Map<String, Double>> METRICS = new TypeReference<>() {};
  private static final TypeReference<Map<String, String>> TAGS = new TypeReference<>() {};

  /** A registration's outcome: the version, and whether this request made it. */
  public record Registration(ModelVersion version, boolean created) {}

  private final JdbcClient jdbc;
  private final TransactionOperations transaction;
  private final Models models;
  private final Artifacts artifacts;
  private final ParentCheck parents;
  private final AuditLog audit;
  private final StoredJson json;

  Versions(
      JdbcClient jdbc,
      TransactionOperations transaction,
      Models models,
      Artifacts artifacts,
      ParentCheck parents,
      AuditLog audit,
      StoredJson json) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.models = models;
    this.artifacts = artifacts;
    this.parents = parents;
    this.audit = audit;
    this.json = json;
  }

  /**
   * Registers the next version, or answers with the one that the same job made before.
   *
   * @throws spikemlp.contract.network.InvalidConfigurationException naming every wrong value
   * @throws ProblemException 409 {@code artifact-missing} naming every file that is not there; 409
   *     {@code version-deleted} if the job's version is deleted
   */
  Registration register(String model, RegisterVersionRequest request, String actor) {
    return register(model, request, RegistrationCheck.state(request), "version.register", actor);
  }

  /**
   * Registers the next version of files from elsewhere, in a state that the caller has found for
   * it; see {@link #register}.
   */
  public Registration registerImport(
      String model, RegisterVersionRequest request, VersionState state, String actor) {
    return register(model, request, state, "version.import", actor);
  }

  private Registration register(
      String model,
      RegisterVersionRequest request,
      VersionState state,
      String action,
      String actor) {
    RegistrationCheck.check(model, request);
    Optional<ModelVersion> earlier = ofJob(model, request.sourceJobId());
    if (earlier.isPresent()) {
      return new Registration(earlier.get(), false);
    }
    refuseMissing(request); // reads the files; again below, by then cheap, under the rows' locks
    boolean created = transaction.execute(status -> insert(model, request, state, action, actor));
    ModelVersion version = ofJob(model, request.sourceJobId()).orElseThrow();
    return new Registration(version, created);
  }

  /**
   * A page of the model's versions that the search finds; deleted ones are left out.
   *
   * @throws ProblemException 404 {@code model-not-found}; 400 if {@code after} is no page of this
   *     search
   */
  Page<ModelVersion> page(String model, Search search, int limit, Optional<String> after) {
    models.get(model);
    return query(model, search, limit, after).read(jdbc, this::read);
  }

  static PageQuery query(String model, Search search, int limit, Optional<String> after) {
    return PageQuery.of(
        rows("v.version", List.of("m.name = :model", KEPT), Map.of("model", model)),
        search,
        limit,
        after);
  }

  /** The same over the versions of all models. */
  public Page<ModelVersion> pageOfAll(Search search, int limit, Optional<String> after) {
    return PageQuery.of(rows("v.id", List.of(KEPT), Map.of()), search, limit, after)
        .read(jdbc, this::read);
  }

  private static Rows rows(String tie, List<String> conditions, Map<String, Object> values) {
    return new Rows(SELECT, COLUMNS, FROM, "v", tie, true, conditions, values);
  }

  private static FieldSet fields(Order usual) {
    return FieldSet.of(
        List.of(
            VERSION,
            CREATED,
            Field.of("name", "m.name", Kind.TEXT),
            Field.of("state", "v.state", Kind.TEXT),
            Field.of("job", "v.source_job_id", Kind.TEXT),
            Field.optional("variant", "(v.card ->> 'variant')", Kind.TEXT),
            Field.optional("dataHash", "(v.card -> 'provenance' ->> 'dataHash')", Kind.TEXT),
            Field.optional(
                "timeSteps", "cast(v.card -> 'network' -> 'timeSteps' as float8)", Kind.NUMBER)),
        List.of(Field.texts("tags", "v.tags"), Field.numbers("metrics", "v.metrics")),
        usual);
  }

  /**
   * The model's version of that number.
   *
   * @throws ProblemException 404 {@code model-not-found}, {@code version-not-found} or {@code
   *     version-deleted}
   */
  public ModelVersion get(String model, int version) {
    return find(model, "v.version = ?", version).orElseThrow(() -> absent(model, version));
  }

  /** The version that the job registered, if it is kept. */
  public Optional<ModelVersion> ofJob(String model, String job) {
    return find(model, "v.source_job_id = ?", job);
  }

  /** The newest READY version, if there is one. */
  public Optional<ModelVersion> newestReady(String model) {
    return find(model, "v.state = ? order by v.version desc limit 1", VersionState.READY.name());
  }

  private ProblemException absent(String model, int version) {
    int kept = models.get(model).versions();
    boolean deleted =
        jdbc.sql(
                "select exists (select from "
                    + FROM
                    + " where m.name = ? and v.version = ? and v.deleted_at is not null)")
            .params(model, version)
            .query(Boolean.class)
            .single();
    if (deleted) {
      return new ProblemException(
          HttpStatus.NOT_FOUND,
          "version-deleted",
          "version "
              + version
              + " of model '"
              + model
              + "' is deleted; :undelete brings it back until its grace period is over");
    }
    return new ProblemException(
        HttpStatus.NOT_FOUND,
        "version-not-found",
        "model '%s' has no version %d; it has %d version%s"
            .formatted(model, version, kept, kept == 1 ? "" : "s"));
  }

  private boolean insert(
      String model,
      RegisterVersionRequest request,
      VersionState state,
      String action,
      String actor) {
    long modelId = models.lockOrCreate(model, actor);
    if (ofJob(model, request.sourceJobId()).isPresent()) {
      return false;
    }
    refuseDeleted(modelId, model, request.sourceJobId());
    refuseMissing(request);
    String card = json.write(request.card()); // first, as it refuses texts that no query may hold
    Optional<ParentCheck.Found> parent = parents.find(request.card().provenance().parent());
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
                       (model_id, version, state, source_job_id, card, metrics, proof,
                        parent_model, parent_version, parent_check)
                values (:model, :version, :state, :job, cast(:card as jsonb),
                        cast(:metrics as jsonb), cast(:proof as jsonb),
                        :parentModel, :parentVersion, :parentCheck)
                returning id
                """)
            .param("model", modelId)
            .param("version", number)
            .param("state", state.name())
            .param("job", request.sourceJobId())
            .param("card", card)
            .param("metrics", json.write(request.metrics()))
            .param("proof", json.write(request.proof()))
            .param("parentModel", parent.map(ParentCheck.Found::model).orElse(null))
            .param("parentVersion", parent.map(ParentCheck.Found::version).orElse(null))
            .param("parentCheck", parent.map(found -> found.check().name()).orElse(null))
            .query(Long.class)
            .single();
    request
        .artifacts()
        .forEach((file, artifact) ->
            jdbc.sql("insert into version_artifact (version_id, file, sha256) values (?, ?, ?)")
                .params(id, file, artifact.sha256())
                .update());
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("to", state);
    detail.put("sourceJobId", request.sourceJobId());
    parent.ifPresent(found -> detail.put("parent", found));
    audit.append(actor, action, model + ":" + number, detail);
    return true;
  }

  private void refuseDeleted(long modelId, String model, String job) {
    jdbc.sql("select version from model_version where model_id = ? and source_job_id = ?")
        .params(modelId, job)
        .query(Integer.class)
        .optional()
        .ifPresent(version -> {
          throw new ProblemException(
              HttpStatus.CONFLICT,
              "version-deleted",
              "job '"
                  + job
                  + "' registered version "
                  + version
                  + " of model '"
                  + model
                  + "', which is deleted; :undelete brings it back");
        });
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
    return jdbc.sql(
            SELECT
                + " from (select "
                + COLUMNS
                + " from "
                + FROM
                + ") v where v.model = ? and "
                + KEPT
                + " and "
                + condition)
        .params(model, value)
        .query(this::read)
        .optional();
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
        json.read(row.getString("tags"), TAGS),
        List.of((String[]) row.getArray("damaged").getArray()));
  }
}
