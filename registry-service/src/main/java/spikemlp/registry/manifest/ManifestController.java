package spikemlp.registry.manifest;

import java.nio.charset.StandardCharsets;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import spikemlp.contract.manifest.ManifestKey;
import spikemlp.contract.manifest.SignedManifest;
import spikemlp.registry.version.Versions;

/** What goes out with a version. */
@RestController
class ManifestController {

  private static final MediaType MARKDOWN =
      new MediaType("text", "markdown", StandardCharsets.UTF_8);

  private final Versions versions;
  private final SigningKey key;

  ManifestController(Versions versions, SigningKey key) {
    this.versions = versions;
    this.key = key;
  }

  @GetMapping("/api/v1/models/{name}/versions/{version}/manifest")
  ResponseEntity<SignedManifest> manifest(@PathVariable String name, @PathVariable int version) {
    return ResponseEntity.ok()
        .cacheControl(CacheControl.noCache())
        .body(key.sign(Manifests.payload(versions.get(name, version))));
  }

  @GetMapping("/api/v1/models/{name}/versions/{version}/model-card.md")
  ResponseEntity<String> modelCard(@PathVariable String name, @PathVariable int version) {
    return ResponseEntity.ok()
        .contentType(MARKDOWN)
        .header("Content-Security-Policy", "sandbox; default-src 'none'")
        .header("X-Content-Type-Options", "nosniff")
        .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"model-card.md\"")
        .body(ModelCardPage.of(versions.get(name, version)));
  }

  /** The key that manifests are signed with, to be handed to those who verify them. */
  @GetMapping("/api/v1/manifest-key")
  ManifestKey key() {
    return key.publicKey();
  }
}
