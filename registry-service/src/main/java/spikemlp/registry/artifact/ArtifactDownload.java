package spikemlp.registry.artifact;

import java.nio.charset.StandardCharsets;
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

/**
 * The answer that carries a verified file; ranges and {@code If-None-Match} work on it. Whoever may
 * register a version chose the bytes: a browser that shows them all the same runs nothing of them.
 */
public final class ArtifactDownload {

  private static final String NO_SCRIPT =
      "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none';"
          + " form-action 'none'; frame-ancestors 'none'";
  private static final MediaType HTML = new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8);

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
        .contentType(type(fileName))
        .contentLength(artifact.size())
        .header("Content-Security-Policy", NO_SCRIPT)
        .header("X-Content-Type-Options", "nosniff")
        .header(
            HttpHeaders.CONTENT_DISPOSITION,
            ContentDisposition.attachment().filename(fileName).build().toString())
        .body(body);
  }

  private static MediaType type(String fileName) {
    if (fileName.endsWith(".json")) {
      return MediaType.APPLICATION_JSON;
    }
    return fileName.endsWith(".html") ? HTML : MediaType.APPLICATION_OCTET_STREAM;
  }
}
