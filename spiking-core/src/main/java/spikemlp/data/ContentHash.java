package spikemlp.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 over the entries of a data set in their order: name, label, and the bytes' SHA-256. */
final class ContentHash {

  private final MessageDigest digest = sha256();

  void add(String name, int label, byte[] sha256OfBytes) {
    digest.update(name.getBytes(StandardCharsets.UTF_8));
    digest.update(ByteBuffer.allocate(5).put((byte) 0).putInt(label).flip());
    digest.update(sha256OfBytes);
  }

  String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }

  static byte[] of(byte[] bytes) {
    return sha256().digest(bytes);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
