package spikemlp.contract.registry;

import java.util.regex.Pattern;

/**
 * One file of a version, named by its content.
 *
 * @param sha256 SHA-256 of the bytes, 64 hexadecimal digits in lower case
 * @param size bytes
 */
public record Artifact(String sha256, long size) {

  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  public Artifact {
    if (!SHA256.matcher(sha256).matches()) {
      throw new IllegalArgumentException(
          "an artifact's sha256 is 64 hexadecimal digits in lower case, not '" + sha256 + "'");
    }
    if (size < 0) {
      throw new IllegalArgumentException("an artifact's size is not negative: " + size);
    }
  }
}
