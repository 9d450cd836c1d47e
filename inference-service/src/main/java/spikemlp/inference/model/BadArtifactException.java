package spikemlp.inference.model;

import spikemlp.contract.registry.Artifact;

/** What arrived for a model file is not what the registry promised; it is never loaded. */
public final class BadArtifactException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private BadArtifactException(String message) {
    super(message);
  }

  static BadArtifactException wrongHash(Artifact promised, String actual) {
    return new BadArtifactException(
        "a model file with SHA-256 "
            + promised.sha256()
            + " was promised, but what arrived has "
            + actual
            + "; it was thrown away");
  }

  static BadArtifactException wrongSize(Artifact promised, long actual) {
    return new BadArtifactException(
        "the model file "
            + promised.sha256()
            + " was promised with "
            + promised.size()
            + " bytes, but "
            + actual
            + " arrived; it was thrown away");
  }

  static BadArtifactException tooLarge(Artifact promised, long largest) {
    return new BadArtifactException(
        "the model file "
            + promised.sha256()
            + " has "
            + promised.size()
            + " bytes; at most "
            + largest
            + " are served (spikemlp.inference.largest-model)");
  }

  static BadArtifactException none(String version, String file) {
    return new BadArtifactException("version " + version + " has no file '" + file + "' to serve");
  }
}
