package spikemlp.registry.artifact;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.security.Principal;
import java.util.UUID;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import spikemlp.contract.registry.Artifact;

/** Resumable uploads. */
@RestController
@RequestMapping("/api/v1/uploads")
class UploadController {

  static final String OFFSET = "Upload-Offset";
  static final String LENGTH = "Upload-Length";
  static final String PART_TYPE = "application/offset+octet-stream";

  private final Uploads uploads;

  UploadController(Uploads uploads) {
    this.uploads = uploads;
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<UploadStatus> open(@RequestBody Artifact artifact, Principal caller) {
    UploadStatus upload = uploads.open(artifact, caller.getName());
    return ResponseEntity.created(URI.create("/api/v1/uploads/" + upload.id()))
        .header(OFFSET, Long.toString(upload.offset()))
        .body(upload);
  }

  @RequestMapping(
      path = "/{id}",
      method = {RequestMethod.GET, RequestMethod.HEAD})
  ResponseEntity<UploadStatus> status(@PathVariable UUID id) {
    UploadStatus upload = uploads.get(id);
    return ResponseEntity.ok()
        .cacheControl(CacheControl.noStore())
        .header(OFFSET, Long.toString(upload.offset()))
        .header(LENGTH, Long.toString(upload.size()))
        .body(upload);
  }

  /** 204 with the new offset, or 201 or 200 with the artifact after the last part. */
  @PatchMapping(path = "/{id}", consumes = PART_TYPE)
  ResponseEntity<Artifact> append(
      @PathVariable UUID id,
      @RequestHeader(OFFSET) long offset,
      HttpServletRequest request,
      Principal caller)
      throws IOException {
    Uploads.Progress progress =
        uploads.append(
            id, offset, request.getContentLengthLong(), request.getInputStream(), caller.getName());
    return progress
        .completed()
        .map(done ->
            ResponseEntity.status(done.added() ? HttpStatus.CREATED : HttpStatus.OK)
                .location(URI.create("/api/v1/artifacts/" + done.artifact().sha256()))
                .header(OFFSET, Long.toString(progress.offset()))
                .body(done.artifact()))
        .orElseGet(() ->
            ResponseEntity.noContent().header(OFFSET, Long.toString(progress.offset())).build());
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void cancel(@PathVariable UUID id) {
    uploads.cancel(id);
  }
}
