package spikemlp.registry.alias;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.core.Authentication;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import spikemlp.contract.network.FieldProblem;
import spikemlp.contract.network.InvalidConfigurationException;
import spikemlp.contract.registry.ModelReference;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.contract.registry.RegisteredModel;
import spikemlp.problem.ProblemException;
import spikemlp.query.QueryParameters;
import spikemlp.registry.StoredJson;
import spikemlp.registry.version.Models;
import spikemlp.security.Scope;

/** Moving aliases, their history, and what a reference means. */
@RestController
@RequestMapping("/api/v1")
class AliasController {

  private static final int MOST_REASON = 1000;
  private static final int USUAL_LIMIT = 50;
  private static final int MOST_LIMIT = 200;

  /**
   * Where an alias shall point.
   *
   * @param overrideReason why its gate does not matter; scope admin
   */
  record Target(int version, @Nullable String overrideReason) {}

  private final Aliases aliases;
  private final AliasHistory history;
  private final Models models;

  AliasController(Aliases aliases, AliasHistory history, Models models) {
    this.aliases = aliases;
    this.history = history;
    this.models = models;
  }

  /** Answers with the model and its aliases after the move. */
  @PutMapping(path = "/models/{name}/aliases/{alias}", consumes = MediaType.APPLICATION_JSON_VALUE)
  RegisteredModel move(
      @PathVariable String name,
      @PathVariable String alias,
      @RequestBody Target target,
      Authentication caller) {
    Optional<String> reason = Optional.ofNullable(target.overrideReason());
    reason.ifPresent(given -> mayOverride(given, caller));
    aliases.move(name, alias, target.version(), reason, caller.getName());
    return models.get(name);
  }

  private static void mayOverride(String reason, Authentication caller) {
    if (!Scope.ADMIN.isHeldBy(caller)) {
      throw new ProblemException(
          HttpStatus.FORBIDDEN,
          "forbidden",
          "overriding a gate needs the scope " + Scope.ADMIN.label());
    }
    if (reason.isBlank() || reason.length() > MOST_REASON || !StoredJson.storable(reason)) {
      throw new InvalidConfigurationException(
          List.of(
              new FieldProblem(
                  "overrideReason",
                  reason.length() + " characters",
                  "says in 1 to " + MOST_REASON + " characters why the gate does not matter")));
    }
  }

  @DeleteMapping("/models/{name}/aliases/{alias}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void remove(@PathVariable String name, @PathVariable String alias, Authentication caller) {
    aliases.remove(name, alias, Scope.ADMIN.isHeldBy(caller), caller.getName());
  }

  @GetMapping("/models/{name}/aliases/{alias}/history")
  AliasHistory.History history(
      @PathVariable String name,
      @PathVariable String alias,
      @RequestParam MultiValueMap<String, String> query) {
    QueryParameters parameters = new QueryParameters(query);
    int limit = parameters.number("limit", 1, MOST_LIMIT).orElse(USUAL_LIMIT);
    Optional<Long> after = parameters.id("after", "is the next of a page before, as it is");
    parameters.check();
    return history.page(name, alias, limit, after);
  }

  @GetMapping("/resolve")
  ModelVersion resolve(@RequestParam("model") String reference) {
    return aliases.resolve(ModelReference.parse(reference));
  }
}
