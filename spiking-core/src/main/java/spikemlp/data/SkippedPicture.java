package spikemlp.data;

/**
 * A picture that is left out.
 *
 * @param file its path below the data set, '/' between the parts
 * @param reason what is wrong with it
 */
public record SkippedPicture(String file, String reason) {

  @Override
  public String toString() {
    return file + ": " + reason;
  }
}
