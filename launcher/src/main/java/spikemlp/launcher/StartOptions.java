package spikemlp.launcher;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import spikemlp.contract.card.StartMode;
import spikemlp.contract.job.StartSpec;
import spikemlp.contract.registry.ModelReference;

/** Which version training starts from; random weights if none is given. */
final class StartOptions {

  @Option(
      names = "--from",
      paramLabel = "MODEL[@ALIAS|:VERSION]",
      description =
          "Start from this version's weights and network; another --time-steps makes it"
              + " time-inheritance training.")
  private @Nullable String from;

  @Option(
      names = "--fine-tune",
      description = "With --from: take all weights but the classifier's, for other classes.")
  private boolean fineTune;

  /**
   * The start, or null for random weights.
   *
   * @throws LauncherException if the options do not go together
   */
  @Nullable StartSpec spec() {
    if (from == null) {
      if (fineTune) {
        throw new LauncherException(
            "--fine-tune needs --from MODEL[@ALIAS|:VERSION], the version to start from");
      }
      return null;
    }
    try {
      ModelReference reference = ModelReference.parse(from);
      return new StartSpec(
          reference.name(),
          reference.alias(),
          reference.version(),
          fineTune ? StartMode.FINE_TUNE : StartMode.INHERIT);
    } catch (IllegalArgumentException e) {
      throw new LauncherException("--from: " + e.getMessage());
    }
  }
}
