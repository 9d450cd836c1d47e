package spikemlp.registry.version;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.security.Principal;
import java.util.Optional;
import java.util.TreeSet;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import spikemlp.contract.registry.Artifact;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.contract.registry.ModelVersionPage;
import spikemlp.contract.registry.RegisterVersionRequest;
import spikemlp.problem.ProblemException;
import spikemlp.registry.artifact.ArtifactDownload;
import spikemlp.registry.artifact.Artifacts;
import spikemlp.registry.search.Page;
import spikemlp.registry.search.SearchRequest;

/** A model's versions and their files. */
@RestController
@RequestMapping("/api/v1/models/{name}/versions")
class VersionController {

  private final Versions versions;
  private final Artifacts artifacts;

  VersionController(Versions versions, Artifacts artifacts) {
    this.versions = versions;
    this.artifacts = artifacts;
  }

  /** 201 with the new version, or 200 with the one that the same job registered before. */
  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<ModelVersion> register(
      @PathVariable String name, @RequestBody RegisterVersionRequest request, Principal caller) {
    Versions.Registration registration = versions.register(name, request, caller.getName());
    ModelVersion version = registration.version();
    URI location = URI.create("/api/v1/models/" + name + "/versions/" + version.version());
    return ResponseEntity.status(registration.created() ? HttpStatus.CREATED : HttpStatus.OK)
        .location(location)
        .body(version);
  }

  @GetMapping
  ModelVersionPage search(
      @PathVariable String name, @RequestParam MultiValueMap<String, String> query) {
    SearchRequest request = SearchRequest.of(query, Versions.FIELDS);
    Page<ModelVersion> page =
        versions.page(name, request.search(), request.limit(), request.after());
    return new ModelVersionPage(page.items(), page.next().orElse(null));
  }

  @GetMapping("/{version}")
  ModelVersion get(@PathVariable String name, @PathVariable int version) {
    return versions.get(name, version);
  }

  @RequestMapping(
      path = "/{version}/artifacts/{file}",
      method = {RequestMethod.GET, RequestMethod.HEAD})
  ResponseEntity<Resource> download(
      @PathVariable String name,
      @PathVariable int version,
      @PathVariable String file,
      HttpServletRequest request)
      throws IOException {
    ModelVersion found = versions.get(name, version);
    Artifact artifact =
        Optional.ofNullable(found.artifacts().get(file))
            .orElseThrow(() ->
                new ProblemException(
                    HttpStatus.NOT_FOUND,
                    "artifact-not-found",
                    "version "
                        + version
                        + " of model '"
                        + name
                        + "' has no file '"
                        + file
                        + "'; it has "
                        + String.join(", ", new TreeSet<>(found.artifacts().keySet()))));
    return ArtifactDownload.of(request, artifact, artifacts.content(artifact), file);
  }
}
