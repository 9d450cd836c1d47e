package spikemlp.registry.manifest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import spikemlp.contract.manifest.ManifestKey;
import spikemlp.contract.manifest.SignedManifest;
import spikemlp.security.OwnerOnlyFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The key pair that signs manifests: Ed25519. It is made at first start and kept as a JSON Web Key
 * in a file that only its owner may read. Immutable.
 */
final class SigningKey {

  /** The key's file in the key directory. */
  static final String FILE_NAME = "manifest-key.jwk";

  private static final int KEY_BYTES = 32;

  /** What a PKCS#8 encoding of an Ed25519 key begins with. */
  private static final byte[] PKCS8_HEAD =
      HexFormat.of().parseHex("302e020100300506032b657004220420");

  private final PrivateKey key;
  private final ManifestKey publicKey;

  private SigningKey(PrivateKey key, ManifestKey publicKey) {
    this.key = key;
    this.publicKey = publicKey;
  }

  /**
   * The key in {@code directory}, made if there is none. Of several processes that race to make it,
   * one wins and all return its key: the file appears whole, by a hard link, or not at all.
   *
   * @throws IllegalStateException if the key cannot be read, is no key, or others may read it
   */
  static SigningKey loadOrCreate(Path directory) {
    Path file = directory.resolve(FILE_NAME);
    try {
      if (!Files.exists(file)) {
        OwnerOnlyFile.create(directory, FILE_NAME, generate());
      }
      return load(file);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(
          "the key of the manifests "
              + file
              + " cannot be read or made; the folder must be writable for this user, or hold the"
              + " key already",
          e);
    }
  }

  private static String generate() throws GeneralSecurityException {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    byte[] seed =
        ((EdECPrivateKey) pair.getPrivate())
            .getBytes()
            .orElseThrow(() -> new GeneralSecurityException("the key hides its bytes"));
    byte[] encoded = pair.getPublic().getEncoded();
    ManifestKey shown =
        ManifestKey.of(Arrays.copyOfRange(encoded, encoded.length - KEY_BYTES, encoded.length));
    return JsonMapper.shared()
        .writeValueAsString(
            Map.of(
                "kty", shown.kty(),
                "crv", shown.crv(),
                "kid", shown.kid(),
                "x", shown.x(),
                "d", Base64.getUrlEncoder().withoutPadding().encodeToString(seed)));
  }

  private static SigningKey load(Path file) throws IOException, GeneralSecurityException {
    Optional<String> tooOpen = OwnerOnlyFile.tooOpen(file);
    if (tooOpen.isPresent()) {
      throw new IllegalStateException("the key of the manifests " + file + " " + tooOpen.get());
    }
    try {
      JsonNode json = JsonMapper.shared().readTree(Files.readString(file));
      ManifestKey shown =
          new ManifestKey(
              json.path("kty").asString(""),
              json.path("crv").asString(""),
              json.path("x").asString(""),
              json.path("kid").asString(""));
      byte[] seed = Base64.getUrlDecoder().decode(json.path("d").asString(""));
      if (seed.length != KEY_BYTES) {
        throw new IllegalArgumentException("it has no private part of 32 bytes");
      }
      byte[] encoded = Arrays.copyOf(PKCS8_HEAD, PKCS8_HEAD.length + KEY_BYTES);
      System.arraycopy(seed, 0, encoded, PKCS8_HEAD.length, KEY_BYTES);
      PrivateKey key =
          KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded));
      if (!SignedManifest.sign(Map.of(), key, shown).signatureHolds()) {
        throw new IllegalArgumentException("its two parts do not belong together");
      }
      return new SigningKey(key, shown);
    } catch (JacksonException | IllegalArgumentException e) {
      throw new IllegalStateException(
          "the key of the manifests "
              + file
              + " is not a JSON Web Key of curve Ed25519; restore it from a backup, or delete it"
              + " and tell those who verify manifests the new one",
          e);
    }
  }

  ManifestKey publicKey() {
    return publicKey;
  }

  SignedManifest sign(Map<String, Object> payload) {
    return SignedManifest.sign(payload, key, publicKey);
  }

  /** Names the key by its id; never shows what is private. */
  @Override
  public String toString() {
    return "SigningKey[" + publicKey.kid() + "]";
  }
}
