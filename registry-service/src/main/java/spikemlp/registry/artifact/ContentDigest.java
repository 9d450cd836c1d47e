package spikemlp.registry.artifact;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SHA-256 of a content and of each of its blocks of {@value #BLOCK_BYTES} bytes, the last one
 * perhaps shorter. The blocks' hashes let a part be verified without the rest. Not thread-safe.
 */
final class ContentDigest {

  static final int BLOCK_BYTES = 1 << 20;
  static final int HASH_BYTES = 32;
  private static final int BUFFER_BYTES = 1 << 16;

  private final MessageDigest whole = sha256Digest();
  private final MessageDigest block = sha256Digest();
  private final ByteArrayOutputStream blocks = new ByteArrayOutputStream();
  private int inBlock;
  private long size;

  /** The digest of all that {@code content} has. */
  static ContentDigest of(InputStream content) throws IOException {
    ContentDigest digest = new ContentDigest();
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
      digest.update(buffer, read);
    }
    return digest;
  }

  /** Takes the first {@code length} bytes of {@code bytes}. */
  void update(byte[] bytes, int length) {
    whole.update(bytes, 0, length);
    size += length;
    int from = 0;
    while (from < length) {
      int taken = Math.min(length - from, BLOCK_BYTES - inBlock);
      block.update(bytes, from, taken);
      from += taken;
      inBlock += taken;
      if (inBlock == BLOCK_BYTES) {
        endBlock();
      }
    }
  }

  private void endBlock() {
    blocks.writeBytes(block.digest());
    inBlock = 0;
  }

  long size() {
    return size;
  }

  /** Ends the content and answers its SHA-256, 64 hexadecimal digits. */
  String sha256() {
    return HexFormat.of().formatHex(whole.digest());
  }

  /** Ends the content and answers its blocks' hashes, {@value #HASH_BYTES} bytes each. */
  byte[] blocks() {
    if (inBlock > 0) {
      endBlock();
    }
    return blocks.toByteArray();
  }

  static MessageDigest sha256Digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
