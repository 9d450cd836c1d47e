package spikemlp.inference.engine;

/**
 * A version by what it is called and what it holds; other content is another version.
 *
 * @param model the registered model's name
 * @param version its number
 * @param sha256 SHA-256 of the model file
 */
public record ServedVersion(String model, int version, String sha256) {

  /** {@code model:version}, as messages call it. */
  public String label() {
    return model + ":" + version;
  }
}
