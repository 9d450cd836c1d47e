package spikemlp.registry.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static spikemlp.registry.RunningRegistry.JSON;
import static spikemlp.registry.RunningRegistry.PASSED;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import spikemlp.contract.manifest.ManifestKey;
import spikemlp.contract.manifest.SignedManifest;
import spikemlp.contract.registry.RegisterVersionRequest;
import spikemlp.registry.RegistryExtension;
import spikemlp.registry.RunningRegistry;

@ExtendWith(RegistryExtension.class)
class ManifestApiTest {

  private final RunningRegistry registry;

  ManifestApiTest(RunningRegistry registry) {
    this.registry = registry;
  }

  private static String sha256(RegisterVersionRequest request) {
    return Objects.requireNonNull(request.artifacts().get("model.onnx")).sha256();
  }

  @Test
  void aManifestSaysWhatTheVersionIsAndItsSignatureHolds() {
    RegisterVersionRequest request = registry.request("job-1");
    registry.register("manifested", request);
    HttpResponse<byte[]> answer = registry.get("/api/v1/models/manifested/versions/1/manifest");
    SignedManifest manifest = JSON.readValue(answer.body(), SignedManifest.class);
    assertThat(manifest.signatureHolds()).isTrue();
    assertThat(manifest.key())
        .isEqualTo(JSON.readValue(registry.get("/api/v1/manifest-key").body(), ManifestKey.class));
    assertThat(manifest.payload())
        .containsEntry("model", "manifested")
        .containsEntry("version", 1)
        .containsEntry("state", "READY")
        .containsEntry("metrics", Map.of("accuracy", 0.97));
    assertThat(manifest.payload().toString())
        .contains(sha256(request))
        .contains("sourceJobId=job-1");

    SignedManifest forged =
        JSON.readValue(
            new String(answer.body(), UTF_8).replace("0.97", "0.98"), SignedManifest.class);
    assertThat(forged.signatureHolds()).isFalse();
  }

  @Test
  void theModelCardIsReadableAndTextsInItStayTexts() {
    RegisterVersionRequest request = registry.request("<script>alert(1)</script>|x");
    registry.register("carded", request);
    HttpResponse<byte[]> answer = registry.get("/api/v1/models/carded/versions/1/model-card.md");
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/markdown;charset=UTF-8");
    assertThat(new String(answer.body(), UTF_8))
        .startsWith("# carded, version 1\n")
        .contains("| accuracy | 0.970000 |")
        .contains("| source | &lt;script&gt;alert(1)&lt;/script&gt;\\|x |")
        .contains("Passed")
        .contains(sha256(request))
        .doesNotContain("<script>");
    RegisterVersionRequest energetic =
        new RegisterVersionRequest(
            "job-2", request.card(), request.artifacts(), Map.of("energy_pj", 1250000.0), PASSED);
    registry.register("carded", energetic);
    assertThat(
            new String(
                registry.get("/api/v1/models/carded/versions/2/model-card.md").body(), UTF_8))
        .contains("| energy\\_pj | 1250000 pJ an image, estimated by horowitz-45nm")
        .contains("no energy was measured");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"..", "%2e%2e", "%252e%252e", "..%2f..%2fetc", "%00", "a%5c..", "A", "%0a"})
  void namesThatAreNoneReachNothing(String name) {
    String version = "/api/v1/models/" + name + "/versions/1";
    assertThat(registry.get(version + "/manifest").statusCode()).isBetween(400, 404);
    assertThat(registry.get(version + "/model-card.md").statusCode()).isBetween(400, 404);
    assertThat(
            registry.sendJson("POST", "/api/v1/models/" + name + "/imports", Map.of()).statusCode())
        .isBetween(400, 404);
    assertThat(registry.sendAsAdmin("GET", "/api/v1/webhooks/" + name, Map.of()).statusCode())
        .isBetween(400, 404);
  }

  @Test
  void theKeyIsKeptAndOthersMayNotReadIt(@TempDir Path directory) throws Exception {
    SigningKey made = SigningKey.loadOrCreate(directory);
    assertThat(SigningKey.loadOrCreate(directory).publicKey()).isEqualTo(made.publicKey());
    Path file = directory.resolve(SigningKey.FILE_NAME);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(directory)
        .isDirectoryContaining(path -> path.equals(file))
        .isDirectoryNotContaining(path -> !path.equals(file));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> SigningKey.loadOrCreate(directory)).hasMessageContaining("chmod 600");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Files.writeString(file, "{}");
    assertThatThrownBy(() -> SigningKey.loadOrCreate(directory))
        .hasMessageContaining("not a JSON Web Key");
  }
}
