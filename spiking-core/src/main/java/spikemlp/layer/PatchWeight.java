package spikemlp.layer;

/**
 * The weights of a stage's patch layer.
 *
 * @param convolutions each convolution's: one for a partition; the joined input nodes, node 1→2 and
 *     node 2→3 for spiking patch encoding
 * @param norms each convolution's normalisation
 */
public record PatchWeight(LinearWeight[] convolutions, NormWeight[] norms) {

  /** {@code name.conv.weight} {@code [O, C, k, k]}, {@code name.bn}, for a grid of tokens. */
  public static PatchWeight partition(
      Parameters.Layout layout, String name, int channels, int outputs, int k) {
    return new PatchWeight(
        new LinearWeight[] {convolution(layout, name, channels, outputs, k)},
        new NormWeight[] {NormWeight.named(layout, name + ".bn", outputs)});
  }

  /**
   * The same for an image {@code [3, H, W]}, whose windows are {@code [3, k, k]} as the weight is.
   */
  public static PatchWeight image(
      Parameters.Layout layout, String name, int channels, int outputs, int k) {
    int inputs = channels * k * k;
    long offset = layout.take((long) inputs * outputs);
    layout.weight(name + ".conv.weight", offset, i -> i, inputs, outputs, channels, k, k);
    return new PatchWeight(
        new LinearWeight[] {new LinearWeight(offset, inputs, outputs)},
        new NormWeight[] {NormWeight.named(layout, name + ".bn", outputs)});
  }

  /**
   * Spiking patch encoding: the three input nodes read the same windows, so their weights are rows
   * of one matrix.
   */
  public static PatchWeight encoding(
      Parameters.Layout layout, String name, int channels, int outputs) {
    int n = outputs / 3;
    int window = 9 * channels;
    LinearWeight inputs = new LinearWeight(layout.take((long) outputs * window), window, outputs);
    NormWeight inputNorm = NormWeight.unnamed(layout, outputs);
    for (int node = 0; node < 3; node++) {
      String nodeName = name + ".input_nodes." + node;
      LinearWeight.convolution(
          layout,
          nodeName + ".conv.weight",
          inputs.offset() + (long) node * n * window,
          channels,
          n,
          3);
      inputNorm.name(layout, nodeName + ".bn", node * n, n);
    }
    LinearWeight first = convolution(layout, name + ".node_1_2", n, n, 3);
    NormWeight firstNorm = NormWeight.named(layout, name + ".node_1_2.bn", n);
    LinearWeight second = convolution(layout, name + ".node_2_3", n, n, 3);
    NormWeight secondNorm = NormWeight.named(layout, name + ".node_2_3.bn", n);
    return new PatchWeight(
        new LinearWeight[] {inputs, first, second},
        new NormWeight[] {inputNorm, firstNorm, secondNorm});
  }

  private static LinearWeight convolution(
      Parameters.Layout layout, String name, int channels, int outputs, int k) {
    int inputs = channels * k * k;
    long offset = layout.take((long) inputs * outputs);
    LinearWeight.convolution(layout, name + ".conv.weight", offset, channels, outputs, k);
    return new LinearWeight(offset, inputs, outputs);
  }
}
