package spikemlp.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import spikemlp.contract.manifest.ManifestKey;
import spikemlp.contract.manifest.SignedManifest;
import tools.jackson.databind.json.JsonMapper;

class VerifyCommandTest {

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path manifest = Path.of("");
  private Path keyFile = Path.of("");
  private String keyId = "";

  @BeforeEach
  void sign() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    byte[] encoded = pair.getPublic().getEncoded();
    ManifestKey key =
        ManifestKey.of(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
    keyId = key.kid();
    keyFile = Files.writeString(folder.resolve("key.jwk"), json(key));
    Path model = Files.writeString(folder.resolve("model.onnx"), "a model");
    String sha256 =
        HexFormat.of()
            .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(model)));
    manifest =
        Files.writeString(
            folder.resolve("manifest.json"),
            json(
                SignedManifest.sign(
                    Map.of(
                        "model",
                        "digits",
                        "version",
                        3,
                        "metrics",
                        Map.of("accuracy", 0.97),
                        "artifacts",
                        Map.of(
                            "model.onnx", Map.of("sha256", sha256, "size", 7),
                            "report.json", Map.of("sha256", "ab".repeat(32), "size", 9))),
                    pair.getPrivate(),
                    key)));
  }

  private static String json(Object value) {
    return JsonMapper.shared().writeValueAsString(value);
  }

  private int verify(String... options) {
    CommandLine line = SpikeMlp.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    String[] arguments = new String[options.length + 4];
    arguments[0] = "verify";
    arguments[1] = manifest.toString();
    arguments[2] = "--home";
    arguments[3] = folder.resolve("home").toString();
    System.arraycopy(options, 0, arguments, 4, options.length);
    return line.execute(arguments);
  }

  @Test
  void aManifestOfATrustedKeyAndTheFilesBesideItAreRight() {
    assertThat(verify("--key", keyFile.toString())).isZero();
    assertThat(verify("--key", keyId)).isZero();
    assertThat(out.toString())
        .contains("digits version 3")
        .contains("model.onnx: right")
        .contains("report.json: not beside the manifest, not checked")
        .contains("trusted");
  }

  @Test
  void withoutAKeyToTrustNothingSaysWhoSigned() {
    assertThat(verify()).isEqualTo(VerifyCommand.UNKNOWN_KEY);
    assertThat(out.toString()).contains("--key");
  }

  @Test
  void anotherKeyIsWrong() {
    assertThat(verify("--key", "another")).isEqualTo(1);
    assertThat(out.toString()).contains("WRONG").contains(keyId);
  }

  @Test
  void aChangedFileIsWrong() throws IOException {
    Files.writeString(folder.resolve("model.onnx"), "b model");
    assertThat(verify("--key", keyId)).isEqualTo(1);
    assertThat(out.toString()).contains("model.onnx: WRONG");
  }

  @Test
  void aChangedManifestIsWrong() throws IOException {
    Files.writeString(manifest, Files.readString(manifest).replace("0.97", "0.98"));
    assertThat(verify("--key", keyId)).isEqualTo(1);
    assertThat(out.toString()).contains("the signature does not hold");
  }

  @Test
  void whatIsNoManifestIsSaid() throws IOException {
    Files.writeString(manifest, "{}");
    assertThat(verify()).isEqualTo(1);
    assertThat(err.toString())
        .contains("is no manifest", "this version reads spikemlp-manifest-1")
        .doesNotContain("Source", "instance of");
    Files.delete(manifest);
    assertThat(verify()).isEqualTo(1);
    assertThat(err.toString()).contains("cannot be read");
  }
}
