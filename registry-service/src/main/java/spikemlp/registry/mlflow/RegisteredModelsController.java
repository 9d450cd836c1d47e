package spikemlp.registry.mlflow;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.security.core.Authentication;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import spikemlp.contract.registry.ModelReference;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.contract.registry.RegisteredModel;
import spikemlp.registry.alias.Aliases;
import spikemlp.registry.mlflow.MlflowError.Code;
import spikemlp.registry.mlflow.MlflowJson.ModelAnswer;
import spikemlp.registry.mlflow.MlflowJson.ModelsAnswer;
import spikemlp.registry.mlflow.MlflowJson.VersionAnswer;
import spikemlp.registry.mlflow.MlflowJson.VersionsAnswer;
import spikemlp.registry.search.Page;
import spikemlp.registry.tag.TagStore;
import spikemlp.registry.version.Models;
import spikemlp.registry.version.Versions;
import spikemlp.security.Scope;
import tools.jackson.databind.JsonNode;

/** MLflow's registered models. */
@RestController
@RequestMapping("/api/2.0/mlflow/registered-models")
class RegisteredModelsController {

  private static final int USUAL_RESULTS = 100;
  private static final int MOST_RESULTS = 1000;

  private final Models models;
  private final Versions versions;
  private final Aliases aliases;
  private final TagStore tags;

  RegisteredModelsController(Models models, Versions versions, Aliases aliases, TagStore tags) {
    this.models = models;
    this.versions = versions;
    this.aliases = aliases;
    this.tags = tags;
  }

  @PostMapping("/create")
  ModelAnswer create(@RequestBody JsonNode body, Authentication caller) {
    MlflowRequest request = MlflowRequest.of(body);
    Models.Creation creation =
        models.create(
            request.text("name"),
            request.optionalText("description").orElse(""),
            request.tags(),
            caller.getName());
    if (!creation.created()) {
      throw new MlflowException(
          Code.RESOURCE_ALREADY_EXISTS,
          "Registered Model (name=" + creation.model().name() + ") already exists.");
    }
    return answer(creation.model());
  }

  @GetMapping("/get")
  ModelAnswer get(@RequestParam MultiValueMap<String, String> query) {
    return answer(models.get(MlflowRequest.of(query).text("name")));
  }

  @PatchMapping("/update")
  ModelAnswer update(@RequestBody JsonNode body, Authentication caller) {
    MlflowRequest request = MlflowRequest.of(body);
    String name = request.text("name");
    return answer(
        models.describe(name, request.optionalText("description").orElse(""), caller.getName()));
  }

  @GetMapping("/search")
  ModelsAnswer search(@RequestParam MultiValueMap<String, String> query) {
    MlflowRequest request = MlflowRequest.of(query);
    Page<RegisteredModel> page =
        models.page(
            MlflowSearch.models(request),
            request.maxResults(USUAL_RESULTS, MOST_RESULTS),
            request.pageToken());
    return new ModelsAnswer(
        page.items().stream().map(model -> MlflowJson.of(model, null)).toList(),
        page.next().orElse(null));
  }

  @GetMapping("/get-latest-versions")
  VersionsAnswer latestVersions(@RequestParam MultiValueMap<String, String> query) {
    return latest(MlflowRequest.of(query));
  }

  @PostMapping("/get-latest-versions")
  VersionsAnswer latestVersions(@RequestBody JsonNode body) {
    return latest(MlflowRequest.of(body));
  }

  private VersionsAnswer latest(MlflowRequest request) {
    String name = request.text("name");
    models.get(name);
    List<String> stages = request.texts("stages");
    boolean wanted = stages.isEmpty() || stages.contains("None");
    return new VersionsAnswer(
        wanted ? versions.newestReady(name).map(MlflowJson::of).stream().toList() : List.of(),
        null);
  }

  @PostMapping("/set-tag")
  Map<String, Object> setTag(@RequestBody JsonNode body, Authentication caller) {
    MlflowRequest request = MlflowRequest.of(body);
    tags.set(request.text("name"), request.text("key"), request.text("value"), caller.getName());
    return Map.of();
  }

  @DeleteMapping("/delete-tag")
  Map<String, Object> deleteTag(
      @RequestBody(required = false) Optional<JsonNode> body,
      @RequestParam MultiValueMap<String, String> query,
      Authentication caller) {
    MlflowRequest request = MlflowRequest.of(body, query);
    tags.delete(request.text("name"), request.text("key"), caller.getName());
    return Map.of();
  }

  @PostMapping("/alias")
  Map<String, Object> setAlias(@RequestBody JsonNode body, Authentication caller) {
    MlflowRequest request = MlflowRequest.of(body);
    aliases.move(
        request.text("name"),
        request.text("alias"),
        request.version(),
        Optional.empty(),
        caller.getName());
    return Map.of();
  }

  @DeleteMapping("/alias")
  Map<String, Object> deleteAlias(
      @RequestBody(required = false) Optional<JsonNode> body,
      @RequestParam MultiValueMap<String, String> query,
      Authentication caller) {
    MlflowRequest request = MlflowRequest.of(body, query);
    boolean admin = Scope.ADMIN.isHeldBy(caller);
    aliases.remove(request.text("name"), request.text("alias"), admin, caller.getName());
    return Map.of();
  }

  @GetMapping("/alias")
  VersionAnswer byAlias(@RequestParam MultiValueMap<String, String> query) {
    MlflowRequest request = MlflowRequest.of(query);
    ModelVersion version =
        aliases.resolve(new ModelReference(request.text("name"), request.text("alias"), null));
    return new VersionAnswer(MlflowJson.of(version));
  }

  private ModelAnswer answer(RegisteredModel model) {
    return new ModelAnswer(
        MlflowJson.of(model, versions.newestReady(model.name()).stream().toList()));
  }
}
