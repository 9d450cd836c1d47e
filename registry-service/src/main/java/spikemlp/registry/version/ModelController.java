package spikemlp.registry.version;

import java.net.URI;
import java.security.Principal;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import spikemlp.contract.registry.RegisteredModel;
import spikemlp.contract.registry.RegisteredModelPage;
import spikemlp.problem.ProblemException;
import spikemlp.registry.search.Page;
import spikemlp.registry.search.SearchRequest;

/** Registered models. */
@RestController
@RequestMapping("/api/v1/models")
class ModelController {

  record NewModel(String name, @Nullable String description, @Nullable Map<String, String> tags) {}

  record NewDescription(String description) {}

  private final Models models;

  ModelController(Models models) {
    this.models = models;
  }

  /** 201 with the model, or 200 if it is there already just so. */
  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<RegisteredModel> create(@RequestBody NewModel request, Principal caller) {
    String description = Objects.requireNonNullElse(request.description(), "");
    Map<String, String> tags = Objects.requireNonNullElse(request.tags(), Map.of());
    Models.Creation creation = models.create(request.name(), description, tags, caller.getName());
    RegisteredModel model = creation.model();
    if (!creation.created()
        && !(model.description().equals(description) && model.tags().equals(tags))) {
      throw new ProblemException(
          HttpStatus.CONFLICT,
          "model-exists",
          "model '"
              + model.name()
              + "' exists with another description or other tags; PATCH it, or set its tags");
    }
    return ResponseEntity.status(creation.created() ? HttpStatus.CREATED : HttpStatus.OK)
        .location(URI.create("/api/v1/models/" + model.name()))
        .body(model);
  }

  @GetMapping
  RegisteredModelPage search(@RequestParam MultiValueMap<String, String> query) {
    SearchRequest request = SearchRequest.of(query, Models.FIELDS);
    Page<RegisteredModel> page = models.page(request.search(), request.limit(), request.after());
    return new RegisteredModelPage(page.items(), page.next().orElse(null));
  }

  @GetMapping("/{name}")
  RegisteredModel get(@PathVariable String name) {
    return models.get(name);
  }

  @PatchMapping(path = "/{name}", consumes = MediaType.APPLICATION_JSON_VALUE)
  RegisteredModel describe(
      @PathVariable String name, @RequestBody NewDescription request, Principal caller) {
    return models.describe(name, request.description(), caller.getName());
  }
}
