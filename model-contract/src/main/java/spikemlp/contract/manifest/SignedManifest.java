package spikemlp.contract.manifest;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a registry says of a version, signed: artifact hashes, metrics, proof and lineage. The
 * signature is Ed25519 over the UTF-8 bytes of {@code payload}'s {@link CanonicalJson}.
 *
 * @param format {@link #FORMAT}
 * @param payload what is said: model, version, state, createdAt, artifacts, metrics, proof, lineage
 * @param key the key that signed it; whether to trust that key is the reader's to decide
 * @param signature in base64url
 */
public record SignedManifest(
    String format, Map<String, Object> payload, ManifestKey key, String signature) {

  /** The format that this code writes and reads. */
  public static final String FORMAT = "spikemlp-manifest-1";

  public SignedManifest {
    if (!FORMAT.equals(format)) {
      throw new IllegalArgumentException(
          "manifest format '" + format + "' is not known; this version reads " + FORMAT);
    }
    payload = Collections.unmodifiableMap(new LinkedHashMap<>(payload)); // as it was read
  }

  /** Signs a payload. */
  public static SignedManifest sign(
      Map<String, Object> payload, PrivateKey signer, ManifestKey key) {
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(signer);
      signature.update(CanonicalJson.write(payload).getBytes(StandardCharsets.UTF_8));
      return new SignedManifest(
          FORMAT,
          payload,
          key,
          Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the manifest cannot be signed", e);
    }
  }

  /** Whether {@link #key} signed exactly this payload. */
  public boolean signatureHolds() {
    try {
      Signature verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(key.publicKey());
      verifier.update(CanonicalJson.write(payload).getBytes(StandardCharsets.UTF_8));
      return verifier.verify(Base64.getUrlDecoder().decode(signature));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }
}
