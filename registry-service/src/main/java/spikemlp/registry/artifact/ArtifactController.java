package spikemlp.registry.artifact;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.security.Principal;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;
import spikemlp.contract.registry.Artifact;

/** Uploads and downloads by hash. */
@RestController
@RequestMapping("/api/v1/artifacts/{sha256}")
class ArtifactController {

  private final Artifacts artifacts;

  ArtifactController(Artifacts artifacts) {
    this.artifacts = artifacts;
  }

  /** 201 if the content is new, 200 if it was known. */
  @PutMapping
  ResponseEntity<Artifact> upload(
      @PathVariable String sha256, HttpServletRequest request, Principal caller)
      throws IOException {
    Artifacts.Upload upload =
        artifacts.upload(
            sha256, request.getContentLengthLong(), request.getInputStream(), caller.getName());
    return ResponseEntity.status(upload.added() ? HttpStatus.CREATED : HttpStatus.OK)
        .body(upload.artifact());
  }

  @RequestMapping(method = {RequestMethod.GET, RequestMethod.HEAD})
  ResponseEntity<Resource> download(@PathVariable String sha256, HttpServletRequest request)
      throws IOException {
    Artifact artifact = artifacts.get(sha256);
    if (HttpMethod.HEAD.matches(request.getMethod())) {
      artifacts.touch(artifact);
    }
    return ArtifactDownload.of(request, artifact, artifacts.content(artifact), sha256);
  }
}
