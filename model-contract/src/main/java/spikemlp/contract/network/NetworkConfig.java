package spikemlp.contract.network;

import java.util.ArrayList;
import java.util.List;

/**
 * A spiking MLP network by numbers. Every instance is valid: the constructor refuses numbers that
 * do not fit together and names all of them at once.
 *
 * @param imageHeight rows of the input image, a multiple of {@code patchSize}
 * @param imageWidth columns of the input image, a multiple of {@code patchSize}
 * @param patchSize p, side and stride of stage 0's patch convolution
 * @param embeddingDim C₁, channels of stage 0; each later stage doubles them
 * @param depths mixers per stage
 * @param expansionRatio α, hidden channels of the channel block over its channels
 * @param patchEncoding how later stages make patches
 * @param skips the mixers' skip connections
 * @param classes K
 * @param timeSteps T
 * @param tau τ, the neuron's time constant, at least 1
 * @param threshold V_th
 * @param detachReset whether the reset path carries no gradient
 * @param surrogate the step's derivative in backward
 * @param bnEps batch normalisation's ε
 * @param bnMomentum weight of the new batch in the running statistics
 */
public record NetworkConfig(
    int imageHeight,
    int imageWidth,
    int patchSize,
    int embeddingDim,
    List<Integer> depths,
    int expansionRatio,
    PatchEncoding patchEncoding,
    Skips skips,
    int classes,
    int timeSteps,
    double tau,
    double threshold,
    boolean detachReset,
    Surrogate surrogate,
    double bnEps,
    double bnMomentum) {

  /** Colour channels of every input image. Grey pictures are read as RGB with equal channels. */
  public static final int IMAGE_CHANNELS = 3;

  public NetworkConfig {
    depths = List.copyOf(depths);
    List<FieldProblem> problems =
        check(
            imageHeight,
            imageWidth,
            patchSize,
            embeddingDim,
            depths,
            expansionRatio,
            patchEncoding,
            classes,
            timeSteps,
            tau,
            threshold,
            bnEps,
            bnMomentum);
    if (!problems.isEmpty()) {
      throw new InvalidConfigurationException(problems);
    }
  }

  /** A network with the paper's other numbers: α = 3, SPE, PT+PC+TC, T = 4, τ = 2, V_th = 1. */
  public static NetworkConfig of(
      int imageHeight,
      int imageWidth,
      int patchSize,
      int embeddingDim,
      List<Integer> depths,
      int classes) {
    return new NetworkConfig(
        imageHeight,
        imageWidth,
        patchSize,
        embeddingDim,
        depths,
        3,
        PatchEncoding.SPE,
        Skips.DEFAULT,
        classes,
        4,
        2.0,
        1.0,
        true,
        Surrogate.SIGMOID,
        1e-5,
        0.1);
  }

  public NetworkConfig withPatchEncoding(PatchEncoding other) {
    return with(other, skips, timeSteps);
  }

  public NetworkConfig withSkips(Skips other) {
    return with(patchEncoding, other, timeSteps);
  }

  public NetworkConfig withTimeSteps(int other) {
    return with(patchEncoding, skips, other);
  }

  private NetworkConfig with(PatchEncoding newEncoding, Skips newSkips, int newTimeSteps) {
    return new NetworkConfig(
        imageHeight,
        imageWidth,
        patchSize,
        embeddingDim,
        depths,
        expansionRatio,
        newEncoding,
        newSkips,
        classes,
        newTimeSteps,
        tau,
        threshold,
        detachReset,
        surrogate,
        bnEps,
        bnMomentum);
  }

  /** The stages' shapes, first to last. */
  public List<StageShape> stages() {
    List<StageShape> stages = new ArrayList<>(depths.size());
    int channels = embeddingDim;
    int height = imageHeight / patchSize;
    int width = imageWidth / patchSize;
    for (int i = 0; i < depths.size(); i++) {
      if (i > 0) {
        channels *= 2;
        height = halved(height, patchEncoding);
        width = halved(width, patchEncoding);
      }
      stages.add(new StageShape(channels, height, width, depths.get(i)));
    }
    return List.copyOf(stages);
  }

  private static int halved(int side, PatchEncoding encoding) {
    return switch (encoding) {
      case SPE -> (side + 1) / 2;
      case PARTITION -> side / 2;
    };
  }

  private static List<FieldProblem> check(
      int imageHeight,
      int imageWidth,
      int patchSize,
      int embeddingDim,
      List<Integer> depths,
      int expansionRatio,
      PatchEncoding encoding,
      int classes,
      int timeSteps,
      double tau,
      double threshold,
      double bnEps,
      double bnMomentum) {
    List<FieldProblem> problems = new ArrayList<>();
    atLeast(problems, "patchSize", patchSize, 1);
    atLeast(problems, "imageHeight", imageHeight, 1);
    atLeast(problems, "imageWidth", imageWidth, 1);
    if (patchSize >= 1) {
      divides(problems, "imageHeight", imageHeight, patchSize);
      divides(problems, "imageWidth", imageWidth, patchSize);
    }
    atLeast(problems, "embeddingDim", embeddingDim, 1);
    if (encoding == PatchEncoding.SPE && depths.size() > 1 && 2 * embeddingDim % 3 != 0) {
      problems.add(
          new FieldProblem(
              "embeddingDim",
              Integer.toString(embeddingDim),
              "spiking patch encoding gives each of its three nodes a third of 2·embeddingDim = "
                  + 2 * embeddingDim
                  + " channels, which 3 does not divide; the nearest that fit are "
                  + Math.max(3, embeddingDim / 3 * 3)
                  + " and "
                  + (embeddingDim / 3 + 1) * 3));
    }
    if (depths.isEmpty()) {
      problems.add(new FieldProblem("depths", "[]", "a network has at least one stage"));
    }
    for (int i = 0; i < depths.size(); i++) {
      atLeast(problems, "depths[" + i + "]", depths.get(i), 1);
    }
    if (problems.isEmpty()) {
      checkGrid(problems, imageHeight / patchSize, imageWidth / patchSize, depths, encoding);
    }
    atLeast(problems, "expansionRatio", expansionRatio, 1);
    atLeast(problems, "classes", classes, 2);
    atLeast(problems, "timeSteps", timeSteps, 1);
    if (!(tau >= 1.0) || Double.isInfinite(tau)) {
      problems.add(new FieldProblem("tau", Double.toString(tau), "must be a number from 1 up"));
    }
    positive(problems, "threshold", threshold);
    positive(problems, "bnEps", bnEps);
    if (!(bnMomentum > 0 && bnMomentum <= 1)) {
      problems.add(
          new FieldProblem("bnMomentum", Double.toString(bnMomentum), "must be in (0, 1]"));
    }
    return problems;
  }

  private static void checkGrid(
      List<FieldProblem> problems,
      int height,
      int width,
      List<Integer> depths,
      PatchEncoding encoding) {
    int h = height;
    int w = width;
    for (int i = 1; i < depths.size(); i++) {
      if (h < 2 || w < 2) {
        problems.add(
            new FieldProblem(
                "depths",
                depths.toString(),
                "stage "
                    + i
                    + " would halve a grid of "
                    + h
                    + "×"
                    + w
                    + " patches; a first grid of "
                    + height
                    + "×"
                    + width
                    + " has room for "
                    + i
                    + (i == 1 ? " stage" : " stages")));
        return;
      }
      h = halved(h, encoding);
      w = halved(w, encoding);
    }
  }

  private static void atLeast(List<FieldProblem> problems, String field, int value, int least) {
    if (value < least) {
      problems.add(
          new FieldProblem(field, Integer.toString(value), "must be " + least + " or more"));
    }
  }

  private static void divides(List<FieldProblem> problems, String field, int side, int patch) {
    if (side >= 1 && side % patch != 0) {
      int below = side / patch * patch;
      problems.add(
          new FieldProblem(
              field,
              Integer.toString(side),
              "patchSize "
                  + patch
                  + " does not divide it; the nearest that fit are "
                  + (below > 0 ? below + " and " : "")
                  + (below + patch)));
    }
  }

  private static void positive(List<FieldProblem> problems, String field, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      problems.add(new FieldProblem(field, Double.toString(value), "must be a positive number"));
    }
  }
}
