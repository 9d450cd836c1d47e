package spikemlp.registry.tag;

import java.security.Principal;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.contract.registry.RegisteredModel;
import spikemlp.registry.version.Models;
import spikemlp.registry.version.Versions;

/** Tags of models and versions. */
@RestController
@RequestMapping("/api/v1/models/{name}")
class TagController {

  record Value(String value) {}

  private final TagStore tags;
  private final Models models;
  private final Versions versions;

  TagController(TagStore tags, Models models, Versions versions) {
    this.tags = tags;
    this.models = models;
    this.versions = versions;
  }

  @PutMapping(path = "/tags/{key}", consumes = MediaType.APPLICATION_JSON_VALUE)
  RegisteredModel set(
      @PathVariable String name,
      @PathVariable String key,
      @RequestBody Value value,
      Principal caller) {
    tags.set(name, key, value.value(), caller.getName());
    return models.get(name);
  }

  @DeleteMapping("/tags/{key}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(@PathVariable String name, @PathVariable String key, Principal caller) {
    tags.delete(name, key, caller.getName());
  }

  @PutMapping(path = "/versions/{version}/tags/{key}", consumes = MediaType.APPLICATION_JSON_VALUE)
  ModelVersion set(
      @PathVariable String name,
      @PathVariable int version,
      @PathVariable String key,
      @RequestBody Value value,
      Principal caller) {
    tags.set(name, version, key, value.value(), caller.getName());
    return versions.get(name, version);
  }

  @DeleteMapping("/versions/{version}/tags/{key}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(
      @PathVariable String name,
      @PathVariable int version,
      @PathVariable String key,
      Principal caller) {
    tags.delete(name, version, key, caller.getName());
  }
}
