package spikemlp.contract.job;

import java.util.List;
import org.jspecify.annotations.Nullable;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.PatchEncoding;
import spikemlp.contract.network.Skips;
import spikemlp.contract.network.Surrogate;
import spikemlp.contract.network.Variant;

/**
 * The network a job asks for. What is null takes the value of the named variant, or of the small
 * preset: patch 4, C₁ = 48, depths {2, 2}, for images of the data set's own size.
 *
 * @param variant a published variant's label, or null
 * @param skips the skips' names, such as {@code PT+PC+TC}, or {@code none}
 */
public record NetworkSpec(
    @Nullable String variant,
    @Nullable Integer imageHeight,
    @Nullable Integer imageWidth,
    @Nullable Integer patchSize,
    @Nullable Integer embeddingDim,
    @Nullable List<Integer> depths,
    @Nullable Integer expansionRatio,
    @Nullable PatchEncoding patchEncoding,
    @Nullable String skips,
    @Nullable Integer timeSteps,
    @Nullable Double tau,
    @Nullable Double threshold,
    @Nullable Boolean detachReset,
    @Nullable Surrogate surrogate) {

  /** The small preset, nothing changed. */
  public static final NetworkSpec SMALL =
      new NetworkSpec(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null);

  /**
   * The configuration asked for.
   *
   * @param height rows of the data set's images, used unless the request names its own
   * @param width columns of the data set's images
   * @param classes K
   * @throws spikemlp.contract.network.InvalidConfigurationException naming every wrong number
   */
  public NetworkConfig resolve(int height, int width, int classes) {
    NetworkConfig base =
        variant == null
            ? NetworkConfig.of(
                or(imageHeight, height),
                or(imageWidth, width),
                or(patchSize, 4),
                or(embeddingDim, 48),
                or(depths, List.of(2, 2)),
                classes)
            : Variant.named(variant).configure(224, classes);
    return new NetworkConfig(
        or(imageHeight, base.imageHeight()),
        or(imageWidth, base.imageWidth()),
        or(patchSize, base.patchSize()),
        or(embeddingDim, base.embeddingDim()),
        or(depths, base.depths()),
        or(expansionRatio, base.expansionRatio()),
        or(patchEncoding, base.patchEncoding()),
        skips == null ? base.skips() : Skips.named(skips),
        classes,
        or(timeSteps, base.timeSteps()),
        or(tau, base.tau()),
        or(threshold, base.threshold()),
        or(detachReset, base.detachReset()),
        or(surrogate, base.surrogate()),
        base.bnEps(),
        base.bnMomentum());
  }

  private static <T> T or(@Nullable T value, T otherwise) {
    return value == null ? otherwise : value;
  }
}
