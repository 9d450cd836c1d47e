package spikemlp.registry.version;

import java.security.Principal;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import spikemlp.contract.network.FieldProblem;
import spikemlp.contract.network.InvalidConfigurationException;
import spikemlp.contract.registry.RegisteredModel;
import spikemlp.registry.StoredJson;

/** Registered models. */
@RestController
@RequestMapping("/api/v1/models")
class ModelController {

  private static final int MAX_DESCRIPTION = 4000;

  record Description(String description) {}

  private final Models models;

  ModelController(Models models) {
    this.models = models;
  }

  @GetMapping
  List<RegisteredModel> list() {
    return models.list();
  }

  @GetMapping("/{name}")
  RegisteredModel get(@PathVariable String name) {
    return models.get(name);
  }

  @PatchMapping(path = "/{name}", consumes = MediaType.APPLICATION_JSON_VALUE)
  RegisteredModel describe(
      @PathVariable String name, @RequestBody Description request, Principal caller) {
    String description = request.description();
    if (description.length() > MAX_DESCRIPTION) {
      throw new InvalidConfigurationException(
          List.of(
              new FieldProblem(
                  "description",
                  description.length() + " characters",
                  "must have at most " + MAX_DESCRIPTION + " characters")));
    }
    if (!StoredJson.storable(description)) {
      throw new InvalidConfigurationException(
          List.of(new FieldProblem("description", "a text", StoredJson.UNSTORABLE)));
    }
    return models.describe(name, description, caller.getName());
  }
}
