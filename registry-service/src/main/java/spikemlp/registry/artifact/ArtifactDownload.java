package spikemlp.registry.artifact;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.springframework.core.io.InputStreamResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpRange;
import org.springframework.http.HttpStatus;
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
   * The content as an attachment, its hash as its entity tag: 200, 206 for one range of bytes, 304,
   * or 416. Several ranges at once, a malformed one, and one whose {@code If-Range} names another
   * entity are answered with the whole, as RFC 9110 allows or demands.
   *
   * @param request HEAD leaves the body out
   * @param content the verified content
   * @param fileName what the receiver may call it
   */
  public static ResponseEntity<Resource> of(
      HttpServletRequest request, Artifact artifact, Resource content, String fileName)
      throws IOException {
    Range range = range(request, artifact);
    if (range == Range.UNSATISFIABLE) {
      return ResponseEntity.status(HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
          .header(HttpHeaders.ACCEPT_RANGES, "bytes")
          .header(HttpHeaders.CONTENT_RANGE, "bytes */" + artifact.size())
          .build();
    }
    ResponseEntity.BodyBuilder answer =
        ResponseEntity.ok()
            .eTag(artifact.sha256())
            .cacheControl(CacheControl.maxAge(Duration.ofDays(365)).cachePrivate().immutable())
            .contentType(type(fileName))
            .header(HttpHeaders.ACCEPT_RANGES, "bytes")
            .header("Content-Security-Policy", NO_SCRIPT)
            .header("X-Content-Type-Options", "nosniff")
            .header(
                HttpHeaders.CONTENT_DISPOSITION,
                ContentDisposition.attachment().filename(fileName).build().toString());
    if (HttpMethod.HEAD.matches(request.getMethod())) {
      return answer.contentLength(artifact.size()).build();
    }
    return range == Range.ONE
        ? answer.body(content)
        : answer
            .contentLength(artifact.size())
            .body(new InputStreamResource(content.getInputStream())); // no range is cut from it
  }

  private enum Range {
    NONE,
    ONE,
    UNSATISFIABLE
  }

  private static Range range(HttpServletRequest request, Artifact artifact) {
    String header = request.getHeader(HttpHeaders.RANGE);
    String condition = request.getHeader(HttpHeaders.IF_RANGE);
    if (header == null
        || !HttpMethod.GET.matches(request.getMethod())
        || (condition != null && !condition.equals("\"" + artifact.sha256() + "\""))) {
      return Range.NONE;
    }
    try {
      List<HttpRange> ranges = HttpRange.parseRanges(header);
      if (ranges.size() != 1) {
        return Range.NONE;
      }
      return ranges.getFirst().getRangeStart(artifact.size()) < artifact.size()
          ? Range.ONE
          : Range.UNSATISFIABLE;
    } catch (IllegalArgumentException e) {
      return Range.NONE;
    }
  }

  private static MediaType type(String fileName) {
    if (fileName.endsWith(".json")) {
      return MediaType.APPLICATION_JSON;
    }
    return fileName.endsWith(".html") ? HTML : MediaType.APPLICATION_OCTET_STREAM;
  }
}
