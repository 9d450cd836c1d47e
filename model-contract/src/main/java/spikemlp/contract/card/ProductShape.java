package spikemlp.contract.card;

import java.util.ArrayList;
import java.util.List;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.StageShape;

/**
 * The weight matrix W {@code [features, fanIn]} of one product and how many numbers come out of it.
 * A convolution's fan-in is k²·C_in; an axis FC's is its axis.
 *
 * @param name the canonical name, as {@link SynapticLayer#name()}
 * @param features output features, which normalisation has two learnt numbers for
 * @param fanIn inputs of an output, those beyond a convolution's borders included
 * @param outputs numbers a time step, or an image for the classifier, which reads the mean over
 *     tokens
 * @param convolution whether it reads windows of its input
 */
public record ProductShape(
    String name, long features, long fanIn, long outputs, boolean convolution) {

  /** The classifier's name, the one product with a bias of its own and no normalisation. */
  public static final String CLASSIFIER = "head.classifier";

  /** The most that is counted, far from a long's end: sums over T and layers stay exact. */
  private static final double MOST = 1e15;

  private static final int MOST_MIXERS = 10_000;

  /** Numbers in W. */
  public long weights() {
    return features * fanIn;
  }

  /** What is learnt: W, and γ and β of its normalisation or the classifier's bias. */
  public long parameters() {
    return weights() + (name.equals(CLASSIFIER) ? features : 2 * features);
  }

  /** Running means and variances. */
  public long statistics() {
    return name.equals(CLASSIFIER) ? 0 : 2 * features;
  }

  /** Products a time step as the usual counters count them: padding is multiplied too. */
  public long paddedOperations() {
    return fanIn * outputs;
  }

  /**
   * Every product of a network, in the order of {@link Topology#synapses()}.
   *
   * @throws IllegalArgumentException if the network is too large to be counted
   */
  public static List<ProductShape> of(NetworkConfig config) {
    requireCountable(config);
    List<StageShape> stages = config.stages();
    List<ProductShape> shapes = new ArrayList<>();
    for (int i = 0; i < stages.size(); i++) {
      StageShape stage = stages.get(i);
      String name = "stages." + i;
      if (i == 0) {
        int p = config.patchSize();
        shapes.add(
            convolution(
                name + ".patch.conv", NetworkConfig.IMAGE_CHANNELS, p, stage.channels(), stage));
      } else {
        patch(config, name + ".patch", stages.get(i - 1).channels(), stage, shapes);
      }
      for (int j = 0; j < stage.depth(); j++) {
        mixer(name + ".mixers." + j, stage, config.expansionRatio(), shapes);
      }
    }
    StageShape last = stages.getLast();
    shapes.add(linear("head.token_fc", last.tokens(), last.tokens(), last.channels()));
    shapes.add(linear(CLASSIFIER, config.classes(), last.channels(), 1));
    return List.copyOf(shapes);
  }

  private static void patch(
      NetworkConfig config, String name, int channels, StageShape to, List<ProductShape> shapes) {
    switch (config.patchEncoding()) {
      case SPE -> {
        int n = to.channels() / 3;
        for (int node = 0; node < 3; node++) {
          shapes.add(convolution(name + ".input_nodes." + node, channels, 3, n, to));
        }
        shapes.add(convolution(name + ".node_1_2", n, 3, n, to));
        shapes.add(convolution(name + ".node_2_3", n, 3, n, to));
      }
      case PARTITION -> shapes.add(convolution(name + ".conv", channels, 2, to.channels(), to));
    }
  }

  private static void mixer(String name, StageShape s, long ratio, List<ProductShape> shapes) {
    long c = s.channels();
    shapes.add(linear(name + ".token_h", s.height(), s.height(), s.width() * c));
    shapes.add(linear(name + ".token_w", s.width(), s.width(), s.height() * c));
    shapes.add(linear(name + ".fuse", c, 3 * c, s.tokens()));
    shapes.add(linear(name + ".channel_1", ratio * c, c, s.tokens()));
    shapes.add(linear(name + ".channel_2", c, ratio * c, s.tokens()));
  }

  /** W used {@code times} a time step. */
  private static ProductShape linear(String name, long features, long fanIn, long times) {
    return new ProductShape(name, features, fanIn, features * times, false);
  }

  private static ProductShape convolution(
      String name, long channels, long k, long features, StageShape to) {
    return new ProductShape(name, features, k * k * channels, features * to.tokens(), true);
  }

  /** Bounds from above, in doubles, which nothing overflows. */
  private static void requireCountable(NetworkConfig config) {
    long rows = config.imageHeight() / config.patchSize();
    long columns = config.imageWidth() / config.patchSize();
    double tokens = (double) rows * columns;
    double widest =
        config.embeddingDim()
            * Math.scalb(1.0, Math.min(config.depths().size() - 1, 1000))
            * config.expansionRatio();
    double mixers = config.depths().stream().mapToDouble(Integer::doubleValue).sum();
    double image = 3.0 * config.imageHeight() * config.imageWidth();
    double products =
        tokens
            * widest
            * (20 * widest + 2 * tokens + config.classes())
            * (mixers + 2)
            * config.timeSteps();
    if (mixers > MOST_MIXERS
        || widest * 9 > Integer.MAX_VALUE
        || Math.max(tokens, image) > Integer.MAX_VALUE
        || image * config.embeddingDim() > MOST
        || products > MOST * 100) {
      throw new IllegalArgumentException(
          "a network of embeddingDim "
              + config.embeddingDim()
              + ", depths "
              + config.depths()
              + ", expansionRatio "
              + config.expansionRatio()
              + " and "
              + config.timeSteps()
              + " time steps on images of "
              + config.imageHeight()
              + "×"
              + config.imageWidth()
              + " is too large to be counted: at most "
              + MOST_MIXERS
              + " mixers, 2³¹ numbers a feature map and 10¹⁷ products an image can be");
    }
  }
}
