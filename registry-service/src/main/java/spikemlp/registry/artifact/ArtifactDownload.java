package spikemlp.registry.artifact;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import spikemlp.contract.registry.Artifact;

/** The answer that carries a verified file; ranges and {@code If-None-Match} work on it. */
public final class ArtifactDownload {

  private ArtifactDownload() {}

  /**
   * The file as an attachment, its hash as its entity tag.
   *
   * @param method HEAD leaves the body out
   * @param content the verified file
   * @param fileName what the receiver may call it
   */
  public static ResponseEntity<Resource> of(
      HttpMethod method, Artifact artifact, Path content, String fileName) {
    @Nullable Resource body =
        HttpMethod.HEAD.equals(method) ? null : new FileSystemResource(content);
    return ResponseEntity.ok()
        .eTag(artifact.sha256())
        .cacheControl(CacheControl.maxAge(Duration.ofDays(365)).cachePrivate().immutable())
        .contentType(
            fileName.endsWith(".json")
                ? MediaType.APPLICATION_JSON
                : MediaType.APPLICATION_OCTET_STREAM)
        .contentLength(artifact.size())
        .header(
            HttpHeaders.CONTENT_DISPOSITION,
            ContentDisposition.attachment().filename(fileName).build().toString())
        .body(body);
  }
}
