package spikemlp.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * A name for a network's weights and running statistics: two networks have the same if and only if
 * every number of theirs is the same, bit for bit.
 *
 * <p>SHA-256 over the tensors in the order of their names; of each the name in UTF-8 and a zero
 * byte, the number of axes and the axes as 32-bit integers, the values as 32-bit floats, all little
 * endian.
 */
public final class WeightHash {

  private WeightHash() {}

  /** The hash, hexadecimal. */
  public static String sha256(Map<String, WeightTensor> weights) {
    MessageDigest digest = digest();
    new TreeMap<>(weights)
        .forEach((name, tensor) -> {
          digest.update(name.getBytes(StandardCharsets.UTF_8));
          digest.update((byte) 0);
          int numbers = 1 + tensor.shape().length + tensor.size();
          ByteBuffer bytes =
              ByteBuffer.allocate(Integer.BYTES * numbers).order(ByteOrder.LITTLE_ENDIAN);
          bytes.putInt(tensor.shape().length);
          for (int axis : tensor.shape()) {
            bytes.putInt(axis);
          }
          for (float value : tensor.values()) {
            bytes.putInt(Float.floatToRawIntBits(value));
          }
          digest.update(bytes.flip());
        });
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
