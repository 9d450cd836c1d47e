package spikemlp.registry.alias;

import java.security.Principal;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import spikemlp.contract.registry.ModelReference;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.contract.registry.RegisteredModel;
import spikemlp.registry.version.Models;

/** Moving aliases, and what a reference means. */
@RestController
@RequestMapping("/api/v1")
class AliasController {

  record Target(int version) {}

  private final Aliases aliases;
  private final Models models;

  AliasController(Aliases aliases, Models models) {
    this.aliases = aliases;
    this.models = models;
  }

  /** Answers with the model and its aliases after the move. */
  @PutMapping(path = "/models/{name}/aliases/{alias}", consumes = MediaType.APPLICATION_JSON_VALUE)
  RegisteredModel move(
      @PathVariable String name,
      @PathVariable String alias,
      @RequestBody Target target,
      Principal caller) {
    aliases.move(name, alias, target.version(), caller.getName());
    return models.get(name);
  }

  @DeleteMapping("/models/{name}/aliases/{alias}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void remove(@PathVariable String name, @PathVariable String alias, Principal caller) {
    aliases.remove(name, alias, caller.getName());
  }

  @GetMapping("/resolve")
  ModelVersion resolve(@RequestParam("model") String reference) {
    return aliases.resolve(ModelReference.parse(reference));
  }
}
