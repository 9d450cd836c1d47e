package spikemlp.registry.imports;

import java.net.URI;
import java.security.Principal;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.registry.version.Versions;

/** Versions from elsewhere. */
@RestController
class ImportController {

  private final Imports imports;

  ImportController(Imports imports) {
    this.imports = imports;
  }

  /** 201 with the new version, or 200 with the one that the same import made before. */
  @PostMapping(path = "/api/v1/models/{name}/imports", consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<ModelVersion> run(
      @PathVariable String name, @RequestBody ImportRequest request, Principal caller) {
    Versions.Registration registration = imports.run(name, request, caller.getName());
    ModelVersion version = registration.version();
    return ResponseEntity.status(registration.created() ? HttpStatus.CREATED : HttpStatus.OK)
        .location(URI.create("/api/v1/models/" + name + "/versions/" + version.version()))
        .body(version);
  }
}
