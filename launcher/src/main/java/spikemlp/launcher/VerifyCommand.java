package spikemlp.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import spikemlp.contract.manifest.ManifestKey;
import spikemlp.contract.manifest.SignedManifest;
import spikemlp.contract.registry.Artifact;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "verify",
    description =
        "Checks a version's signed manifest, and the files beside it, without the registry. Exit"
            + " status 0: all is right and the key is trusted; 1: something is wrong; 3: the"
            + " signature holds, but nothing says whose key it is.")
final class VerifyCommand implements Callable<Integer> {

  static final int UNKNOWN_KEY = 3;

  @Mixin private final HomeOptions common = new HomeOptions();

  @Parameters(paramLabel = "FILE", description = "The manifest, as the registry gave it.")
  private @Nullable Path file;

  @Option(
      names = "--key",
      paramLabel = "FILE|ID",
      description =
          "The key to trust: a file that GET /api/v1/manifest-key gave, or the key's id (the key of"
              + " the registry in the home).")
  private @Nullable String key;

  @Spec private @Nullable CommandSpec spec;

  @Override
  @SuppressWarnings("NullAway") // picocli has set spec and file
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    SignedManifest manifest = read(file);
    if (!manifest.signatureHolds()) {
      out.println("WRONG: the signature does not hold; the manifest was changed or damaged");
      out.flush();
      return SpikeMlp.FAILURE;
    }
    out.println(
        "Signed by key "
            + manifest.key().kid()
            + ": "
            + manifest.payload().get("model")
            + " version "
            + manifest.payload().get("version"));
    int wrong = artifacts(manifest, file.toAbsolutePath().resolveSibling("."), out);
    int status = wrong > 0 ? SpikeMlp.FAILURE : trust(manifest.key(), out);
    out.flush();
    common.write(
        Map.of("status", status, "keyId", manifest.key().kid(), "payload", manifest.payload()));
    return status;
  }

  private static SignedManifest read(Path file) {
    try {
      return JsonMapper.shared().readValue(Files.readString(file), SignedManifest.class);
    } catch (IOException e) {
      throw new LauncherException(file + " cannot be read: " + Home.reason(e), e);
    } catch (JacksonException | IllegalArgumentException e) {
      throw new LauncherException(file + " is no manifest of a version: " + reason(e), e);
    }
  }

  /** What a record or the parser says, without where in Java it was said. */
  private static String reason(RuntimeException e) {
    Throwable cause = e.getCause();
    if (cause instanceof IllegalArgumentException) {
      return String.valueOf(cause.getMessage());
    }
    return e instanceof JacksonException json
        ? json.getOriginalMessage()
        : String.valueOf(e.getMessage());
  }

  /** Checks the files that the manifest names and that lie beside it; the number of wrong ones. */
  private static int artifacts(SignedManifest manifest, Path folder, PrintWriter out) {
    JsonNode named = JsonMapper.shared().valueToTree(manifest.payload().get("artifacts"));
    int wrong = 0;
    for (Map.Entry<String, JsonNode> entry : named.properties()) {
      String name = entry.getKey();
      Artifact said = artifact(name, entry.getValue());
      Path path = folder.resolve(name);
      if (!Files.exists(path)) {
        out.println("  " + name + ": not beside the manifest, not checked");
      } else if (sha256(path).equals(said.sha256())) {
        out.println("  " + name + ": right");
      } else {
        out.println("  " + name + ": WRONG, its content is not " + said.sha256());
        wrong++;
      }
    }
    return wrong;
  }

  private static Artifact artifact(String name, JsonNode node) {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,127}")) {
      throw new LauncherException("the manifest names a file '" + name + "', which is no name");
    }
    try {
      return new Artifact(node.path("sha256").asString(""), node.path("size").asLong());
    } catch (IllegalArgumentException e) {
      throw new LauncherException("the manifest's entry of " + name + ": " + e.getMessage(), e);
    }
  }

  private static String sha256(Path path) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream content = new DigestInputStream(Files.newInputStream(path), digest)) {
        var _ = content.transferTo(OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new LauncherException(path + " cannot be read: " + Home.reason(e), e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private int trust(ManifestKey signer, PrintWriter out) {
    String chosen = key;
    Path own = common.home().keys().resolve("manifest-key.jwk");
    if (chosen == null && !Files.isReadable(own)) {
      out.println(
          "The key is not known here: give --key with the file or the id that the registry's owner"
              + " told you");
      return UNKNOWN_KEY;
    }
    String trusted = chosen == null ? keyId(own) : keyId(chosen);
    if (!trusted.equals(signer.kid())) {
      out.println("WRONG: signed by key " + signer.kid() + ", the trusted key is " + trusted);
      return SpikeMlp.FAILURE;
    }
    out.println("The key is the trusted one.");
    return 0;
  }

  private static String keyId(String chosen) {
    Path path = Path.of(chosen);
    return Files.exists(path) ? keyId(path) : chosen;
  }

  private static String keyId(Path file) {
    try {
      JsonNode json = JsonMapper.shared().readTree(Files.readString(file));
      return new ManifestKey(
              json.path("kty").asString(""),
              json.path("crv").asString(""),
              json.path("x").asString(""),
              json.path("kid").asString(""))
          .kid();
    } catch (IOException e) {
      throw new LauncherException(file + " cannot be read: " + Home.reason(e), e);
    } catch (JacksonException | IllegalArgumentException e) {
      throw new LauncherException(file + " is no key of manifests: " + e.getMessage(), e);
    }
  }
}
