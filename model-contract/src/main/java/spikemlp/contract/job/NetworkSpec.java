package spikemlp.contract.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import spikemlp.contract.network.FieldProblem;
import spikemlp.contract.network.InvalidConfigurationException;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.PatchEncoding;
import spikemlp.contract.network.Skips;
import spikemlp.contract.network.Surrogate;
import spikemlp.contract.network.Variant;

/**
 * The network a job asks for. What is null takes the value of the named variant, or of the small
 * preset: patch 4, C₁ = 48, depths {2, 2}, for images of the data set's own size; for a job that
 * starts from a version, that version's value.
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
   * @throws InvalidConfigurationException naming every wrong value
   */
  public NetworkConfig resolve(int height, int width, int classes) {
    List<FieldProblem> problems = new ArrayList<>();
    NetworkConfig base = base(problems);
    Skips joined = skips(base, problems);
    boolean sized = variant != null;
    List<Integer> stages = or(depths, base.depths());
    if (stages.stream().anyMatch(Objects::isNull)) {
      problems.add(
          new FieldProblem("depths", stages.toString(), "each stage has a number of mixers"));
      stages = base.depths();
    }
    try {
      NetworkConfig config =
          new NetworkConfig(
              or(imageHeight, sized ? base.imageHeight() : height),
              or(imageWidth, sized ? base.imageWidth() : width),
              or(patchSize, base.patchSize()),
              or(embeddingDim, base.embeddingDim()),
              stages,
              or(expansionRatio, base.expansionRatio()),
              or(patchEncoding, base.patchEncoding()),
              joined,
              classes,
              or(timeSteps, base.timeSteps()),
              or(tau, base.tau()),
              or(threshold, base.threshold()),
              or(detachReset, base.detachReset()),
              or(surrogate, base.surrogate()),
              base.bnEps(),
              base.bnMomentum());
      if (problems.isEmpty()) {
        return config;
      }
    } catch (InvalidConfigurationException e) {
      problems.addAll(e.problems());
    }
    throw new InvalidConfigurationException(problems);
  }

  /**
   * The configuration asked for by a job that starts from a trained network. Its weights fix image
   * size, patch size, C₁, depths, α, encoding and skips; T and the neuron may be others.
   *
   * @param start the trained network
   * @param classes K
   * @throws InvalidConfigurationException naming every value that contradicts {@code start} with
   *     the start's, and every wrong one
   */
  public NetworkConfig resolveFrom(NetworkConfig start, int classes) {
    List<FieldProblem> problems = new ArrayList<>();
    NetworkConfig named = variant == null ? start : base(problems);
    if (!problems.isEmpty()) {
      named = start; // there is no such variant
    }
    Skips joined = skips(named, problems);
    same(problems, "imageHeight", imageHeight, named.imageHeight(), start.imageHeight());
    same(problems, "imageWidth", imageWidth, named.imageWidth(), start.imageWidth());
    same(problems, "patchSize", patchSize, named.patchSize(), start.patchSize());
    same(problems, "embeddingDim", embeddingDim, named.embeddingDim(), start.embeddingDim());
    same(problems, "depths", depths, named.depths(), start.depths());
    same(
        problems, "expansionRatio", expansionRatio, named.expansionRatio(), start.expansionRatio());
    same(problems, "patchEncoding", patchEncoding, named.patchEncoding(), start.patchEncoding());
    if (problems.stream().noneMatch(problem -> problem.field().startsWith("skips"))) {
      same(problems, "skips", skips == null ? null : joined, named.skips(), start.skips());
    }
    try {
      NetworkConfig config =
          new NetworkConfig(
              start.imageHeight(),
              start.imageWidth(),
              start.patchSize(),
              start.embeddingDim(),
              start.depths(),
              start.expansionRatio(),
              start.patchEncoding(),
              start.skips(),
              classes,
              or(timeSteps, start.timeSteps()),
              or(tau, start.tau()),
              or(threshold, start.threshold()),
              or(detachReset, start.detachReset()),
              or(surrogate, start.surrogate()),
              start.bnEps(),
              start.bnMomentum());
      if (problems.isEmpty()) {
        return config;
      }
    } catch (InvalidConfigurationException e) {
      problems.addAll(e.problems());
    }
    throw new InvalidConfigurationException(problems);
  }

  /** Notes a number that differs from the start's, be it given or the named variant's. */
  private <T> void same(
      List<FieldProblem> problems, String field, @Nullable T given, T named, T start) {
    T wanted = given == null ? named : given;
    if (wanted.equals(start)) {
      return;
    }
    problems.add(
        given == null
            ? new FieldProblem(
                "variant",
                String.valueOf(variant),
                "has %s %s, the start version %s; leave variant out".formatted(field, named, start))
            : new FieldProblem(
                field,
                given.toString(),
                "the start version has %s, and its weights fit nothing else; leave %s out"
                    .formatted(start, field)));
  }

  private NetworkConfig base(List<FieldProblem> problems) {
    if (variant != null) {
      try {
        return Variant.named(variant).configure(224, 2);
      } catch (IllegalArgumentException e) {
        problems.add(new FieldProblem("variant", variant, String.valueOf(e.getMessage())));
      }
    }
    return NetworkConfig.of(32, 32, 4, 48, List.of(2, 2), 2);
  }

  private Skips skips(NetworkConfig base, List<FieldProblem> problems) {
    if (skips != null) {
      try {
        return Skips.named(skips);
      } catch (InvalidConfigurationException e) {
        problems.addAll(e.problems());
      }
    }
    return base.skips();
  }

  private static <T> T or(@Nullable T value, T otherwise) {
    return value == null ? otherwise : value;
  }
}
