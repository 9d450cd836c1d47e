package spikemlp.contract.manifest;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;

/**
 * The public key that a registry signs manifests with, as a JSON Web Key (RFC 8037).
 *
 * @param kty {@code OKP}
 * @param crv {@code Ed25519}
 * @param x the key's 32 bytes in base64url
 * @param kid the key's thumbprint (RFC 7638), by which people compare keys
 */
public record ManifestKey(String kty, String crv, String x, String kid) {

  private static final int KEY_BYTES = 32;

  /** What an X.509 encoding of an Ed25519 key begins with. */
  private static final byte[] X509_HEAD = HexFormat.of().parseHex("302a300506032b6570032100");

  public ManifestKey {
    if (!kty.equals("OKP") || !crv.equals("Ed25519")) {
      throw new IllegalArgumentException(
          "a manifest's key is of type OKP and curve Ed25519, not " + kty + " and " + crv);
    }
    if (decode(x).length != KEY_BYTES) {
      throw new IllegalArgumentException("an Ed25519 key has 32 bytes in base64url, not " + x);
    }
    if (!thumbprint(x).equals(kid)) {
      throw new IllegalArgumentException(
          "the key's thumbprint is " + thumbprint(x) + ", not " + kid);
    }
  }

  /** The key of those 32 bytes. */
  public static ManifestKey of(byte[] key) {
    String x = Base64.getUrlEncoder().withoutPadding().encodeToString(key);
    return new ManifestKey("OKP", "Ed25519", x, thumbprint(x));
  }

  private static byte[] decode(String x) {
    return Base64.getUrlDecoder().decode(x);
  }

  private static String thumbprint(String x) {
    String members = CanonicalJson.write(Map.of("crv", "Ed25519", "kty", "OKP", "x", x));
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(members.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  PublicKey publicKey() throws GeneralSecurityException {
    byte[] encoded = Arrays.copyOf(X509_HEAD, X509_HEAD.length + KEY_BYTES);
    System.arraycopy(decode(x), 0, encoded, X509_HEAD.length, KEY_BYTES);
    return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
  }
}
