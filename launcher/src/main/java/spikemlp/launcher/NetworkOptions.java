package spikemlp.launcher;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import spikemlp.contract.job.NetworkSpec;
import spikemlp.contract.network.PatchEncoding;
import spikemlp.contract.network.Surrogate;

/** The network's options; what is not given keeps the small preset's or the variant's value. */
final class NetworkOptions {

  @Option(
      names = "--variant",
      description = "A published network: mlp-spe-t, mlp-spe-s, mlp-spe-b or mlp-s.")
  private @Nullable String variant;

  @Option(names = "--image-height", description = "Rows of the input (those of most pictures).")
  private @Nullable Integer imageHeight;

  @Option(names = "--image-width", description = "Columns of the input (those of most pictures).")
  private @Nullable Integer imageWidth;

  @Option(names = "--patch-size", description = "p (4).")
  private @Nullable Integer patchSize;

  @Option(names = "--embedding-dim", description = "C₁, channels of the first stage (48).")
  private @Nullable Integer embeddingDim;

  @Option(names = "--depths", split = ",", description = "Mixers of each stage (2,2).")
  private @Nullable List<Integer> depths;

  @Option(names = "--expansion-ratio", description = "α (3).")
  private @Nullable Integer expansionRatio;

  @Option(names = "--patch-encoding", description = "${COMPLETION-CANDIDATES} (SPE).")
  private @Nullable PatchEncoding patchEncoding;

  @Option(names = "--skips", description = "PT, PC, TC, CT joined by +, or none (PT+PC+TC).")
  private @Nullable String skips;

  @Option(names = "--time-steps", description = "T (4).")
  private @Nullable Integer timeSteps;

  @Option(names = "--tau", description = "τ (2).")
  private @Nullable Double tau;

  @Option(names = "--threshold", description = "V_th (1).")
  private @Nullable Double threshold;

  @Option(
      names = "--detach-reset",
      arity = "1",
      description = "Whether the reset carries no gradient (true).")
  private @Nullable Boolean detachReset;

  @Option(names = "--surrogate", description = "${COMPLETION-CANDIDATES} (SIGMOID).")
  private @Nullable Surrogate surrogate;

  NetworkSpec spec() {
    return new NetworkSpec(
        variant,
        imageHeight,
        imageWidth,
        patchSize,
        embeddingDim,
        depths,
        expansionRatio,
        patchEncoding,
        skips,
        timeSteps,
        tau,
        threshold,
        detachReset,
        surrogate);
  }
}
