package spikemlp.contract.card;

import java.util.regex.Pattern;

/**
 * The version whose weights a model's training started from.
 *
 * @param model the registered model
 * @param version its version's number
 * @param checkpointSha256 SHA-256 of the checkpoint that held those weights, 64 hexadecimal digits
 *     in lower case
 * @param mode what was taken over
 * @param timeSteps the parent's T
 */
public record Parent(
    String model, int version, String checkpointSha256, StartMode mode, int timeSteps) {

  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  public Parent {
    if (version < 1) {
      throw new IllegalArgumentException("a parent's version is 1 or more, not " + version);
    }
    if (!SHA256.matcher(checkpointSha256).matches()) {
      throw new IllegalArgumentException(
          "a parent's checkpointSha256 is 64 hexadecimal digits in lower case, not '"
              + checkpointSha256
              + "'");
    }
    if (timeSteps < 1) {
      throw new IllegalArgumentException("a parent's timeSteps are 1 or more, not " + timeSteps);
    }
  }
}
