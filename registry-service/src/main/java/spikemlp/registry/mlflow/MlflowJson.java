package spikemlp.registry.mlflow;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.contract.registry.RegisteredModel;
import spikemlp.contract.registry.VersionState;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/** Models and versions as MLflow writes them; times are milliseconds since 1970. */
final class MlflowJson {

  private MlflowJson() {}

  record Tag(String key, String value) {}

  record Alias(String alias, String version) {}

  @JsonNaming(SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Model(
      String name,
      long creationTimestamp,
      String description,
      @Nullable List<Version> latestVersions,
      List<Tag> tags,
      List<Alias> aliases) {}

  /**
   * A version.
   *
   * @param currentStage {@code None}, or {@code Archived}
   * @param source the path of its files on this server
   * @param runId the training job
   * @param status {@code READY}, {@code PENDING_REGISTRATION} or {@code FAILED_REGISTRATION}
   */
  @JsonNaming(SnakeCaseStrategy.class)
  record Version(
      String name,
      String version,
      long creationTimestamp,
      String currentStage,
      String description,
      String source,
      String runId,
      String status,
      String statusMessage,
      List<Tag> tags,
      List<String> aliases) {}

  @JsonNaming(SnakeCaseStrategy.class)
  record ModelAnswer(Model registeredModel) {}

  @JsonNaming(SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ModelsAnswer(List<Model> registeredModels, @Nullable String nextPageToken) {}

  @JsonNaming(SnakeCaseStrategy.class)
  record VersionAnswer(Version modelVersion) {}

  @JsonNaming(SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record VersionsAnswer(List<Version> modelVersions, @Nullable String nextPageToken) {}

  @JsonNaming(SnakeCaseStrategy.class)
  record UriAnswer(String artifactUri) {}

  static Model of(RegisteredModel model, @Nullable List<ModelVersion> latest) {
    return new Model(
        model.name(),
        model.createdAt().toEpochMilli(),
        model.description(),
        latest == null ? null : latest.stream().map(MlflowJson::of).toList(),
        tags(model.tags()),
        new TreeMap<>(model.aliases())
            .entrySet().stream()
                .map(alias -> new Alias(alias.getKey(), alias.getValue().toString()))
                .toList());
  }

  static Version of(ModelVersion version) {
    boolean failed =
        version.state() == VersionState.FAILED
            || (version.state() == VersionState.ARCHIVED && !version.proof().passed());
    String status =
        version.state() == VersionState.PENDING
            ? "PENDING_REGISTRATION"
            : failed ? "FAILED_REGISTRATION" : "READY";
    return new Version(
        version.model(),
        String.valueOf(version.version()),
        version.createdAt().toEpochMilli(),
        version.state() == VersionState.ARCHIVED ? "Archived" : "None",
        "",
        files(version),
        version.sourceJobId(),
        status,
        failed ? "the export's proof did not pass, or model.onnx is missing" : "",
        tags(version.tags()),
        version.aliases());
  }

  /** Where the version's files are, below this server's address. */
  static String files(ModelVersion version) {
    return "/api/v1/models/" + version.model() + "/versions/" + version.version() + "/artifacts";
  }

  private static List<Tag> tags(Map<String, String> tags) {
    return new TreeMap<>(tags)
        .entrySet().stream().map(tag -> new Tag(tag.getKey(), tag.getValue())).toList();
  }
}
