package spikemlp.registry.mlflow;

import java.util.Map;
import java.util.Optional;
import org.springframework.security.core.Authentication;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.registry.mlflow.MlflowError.Code;
import spikemlp.registry.mlflow.MlflowJson.UriAnswer;
import spikemlp.registry.mlflow.MlflowJson.VersionAnswer;
import spikemlp.registry.mlflow.MlflowJson.VersionsAnswer;
import spikemlp.registry.search.Page;
import spikemlp.registry.tag.TagStore;
import spikemlp.registry.version.Models;
import spikemlp.registry.version.Versions;
import tools.jackson.databind.JsonNode;

/** MLflow's model versions. */
@RestController
@RequestMapping("/api/2.0/mlflow/model-versions")
class ModelVersionsController {

  private static final int MOST_RESULTS = 1000;

  private final Models models;
  private final Versions versions;
  private final TagStore tags;

  ModelVersionsController(Models models, Versions versions, TagStore tags) {
    this.models = models;
    this.versions = versions;
    this.tags = tags;
  }

  /**
   * Answers with the version that the run, a training job, has registered. Nothing is made: a
   * version comes with files, card and proof, and {@code source} is no place to read any from.
   */
  @PostMapping("/create")
  VersionAnswer create(@RequestBody JsonNode body) {
    MlflowRequest request = MlflowRequest.of(body);
    String name = request.text("name");
    models.get(name);
    ModelVersion version =
        request
            .optionalText("run_id")
            .flatMap(run -> versions.ofJob(name, run))
            .orElseThrow(() ->
                new MlflowException(
                    Code.INVALID_PARAMETER_VALUE,
                    "a version of model '"
                        + name
                        + "' is made of uploaded files, not read from a source: register it with"
                        + " POST /api/v1/models/"
                        + name
                        + "/versions, or give as run_id the job that registered one"));
    if (!request.tags().isEmpty() || !request.optionalText("description").orElse("").isEmpty()) {
      throw new MlflowException(
          Code.INVALID_PARAMETER_VALUE,
          "version "
              + version.version()
              + " of model '"
              + name
              + "' is there already: set its tags with model-versions/set-tag; versions have no"
              + " description");
    }
    return new VersionAnswer(MlflowJson.of(version));
  }

  @GetMapping("/get")
  VersionAnswer get(@RequestParam MultiValueMap<String, String> query) {
    return new VersionAnswer(MlflowJson.of(version(query)));
  }

  @GetMapping("/search")
  VersionsAnswer search(@RequestParam MultiValueMap<String, String> query) {
    MlflowRequest request = MlflowRequest.of(query);
    Page<ModelVersion> page =
        versions.pageOfAll(
            MlflowSearch.versions(request),
            request.maxResults(MOST_RESULTS, MOST_RESULTS),
            request.pageToken());
    return new VersionsAnswer(
        page.items().stream().map(MlflowJson::of).toList(), page.next().orElse(null));
  }

  /** The path of the version's files on this server; a file's name follows it. */
  @GetMapping("/get-download-uri")
  UriAnswer downloadUri(@RequestParam MultiValueMap<String, String> query) {
    return new UriAnswer(MlflowJson.files(version(query)));
  }

  @PostMapping("/set-tag")
  Map<String, Object> setTag(@RequestBody JsonNode body, Authentication caller) {
    MlflowRequest request = MlflowRequest.of(body);
    tags.set(
        request.text("name"),
        request.version(),
        request.text("key"),
        request.text("value"),
        caller.getName());
    return Map.of();
  }

  @DeleteMapping("/delete-tag")
  Map<String, Object> deleteTag(
      @RequestBody(required = false) Optional<JsonNode> body,
      @RequestParam MultiValueMap<String, String> query,
      Authentication caller) {
    MlflowRequest request = MlflowRequest.of(body, query);
    tags.delete(request.text("name"), request.version(), request.text("key"), caller.getName());
    return Map.of();
  }

  private ModelVersion version(MultiValueMap<String, String> query) {
    MlflowRequest request = MlflowRequest.of(query);
    return versions.get(request.text("name"), request.version());
  }
}
