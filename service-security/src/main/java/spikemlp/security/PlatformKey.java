package spikemlp.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.Optional;

/**
 * The key pair that signs the platform's tokens: P-256, for ES256. It is made at first start and
 * kept as a JSON Web Key in a file that only its owner may read. Immutable.
 */
public final class PlatformKey {

  /** The key's file in the key directory. */
  public static final String FILE_NAME = "platform-key.jwk";

  private final ECKey key;

  private PlatformKey(ECKey key) {
    this.key = key;
  }

  /**
   * The key in {@code directory}, made if there is none. Of several processes that race to make it,
   * one wins and all return its key: the file appears whole, by a hard link, or not at all.
   *
   * @throws PlatformKeyException if the key cannot be read, is no key, or others may read it
   */
  public static PlatformKey loadOrCreate(Path directory) {
    Path file = directory.resolve(FILE_NAME);
    try {
      if (!Files.exists(file)) {
        OwnerOnlyFile.create(directory, FILE_NAME, generate().toJSONString());
      }
      return load(file);
    } catch (IOException e) {
      throw new PlatformKeyException(
          "the platform's key "
              + file
              + " cannot be read or made: "
              + reason(e)
              + "; the folder must be writable for this user, or hold the key already",
          e);
    }
  }

  private static String reason(IOException e) {
    String simple = e.getClass().getSimpleName();
    return e.getMessage() == null ? simple : simple + " " + e.getMessage();
  }

  private static ECKey generate() {
    try {
      return new ECKeyGenerator(Curve.P_256)
          .keyUse(KeyUse.SIGNATURE)
          .algorithm(JWSAlgorithm.ES256)
          .keyIDFromThumbprint(true)
          .generate();
    } catch (JOSEException e) {
      throw new IllegalStateException("this Java runtime cannot make a P-256 key", e);
    }
  }

  private static PlatformKey load(Path file) throws IOException {
    Optional<String> tooOpen = OwnerOnlyFile.tooOpen(file);
    if (tooOpen.isPresent()) {
      throw new PlatformKeyException("the platform's key " + file + " " + tooOpen.get(), null);
    }
    try {
      ECKey key = ECKey.parse(Files.readString(file));
      if (!key.isPrivate() || !Curve.P_256.equals(key.getCurve())) {
        throw new ParseException("no private P-256 key", 0);
      }
      return new PlatformKey(key);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (ParseException | UncheckedIOException e) {
      throw new PlatformKeyException(
          "the platform's key "
              + file
              + " is not a JSON Web Key of curve P-256; restore it from a backup, or delete it and"
              + " every token signed so far loses its worth",
          e);
    }
  }

  ECKey privateKey() {
    return key;
  }

  ECKey publicKey() {
    return key.toPublicJWK();
  }

  /** Names the key by its id; never shows what is private. */
  @Override
  public String toString() {
    return "PlatformKey[" + key.getKeyID() + "]";
  }
}
