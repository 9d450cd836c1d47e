package spikemlp.contract.card;

import java.util.List;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.network.NetworkConfig;

/**
 * What a model file says of itself, stored as JSON under {@link #METADATA_KEY} in the ONNX file's
 * metadata. The graph's input is {@code images [B, 3, H, W]}, normalised floats; its outputs are
 * {@code logits [B, K]}, {@code spikes [B, L]}, each sample's spikes per neuron layer summed over
 * T, and {@code windows [B, Q]}, the same spikes weighted by the windows they lie in.
 *
 * @param format {@link #FORMAT}
 * @param variant the published variant's label, or {@code custom}
 * @param network the configuration, T included
 * @param input how pictures become the input
 * @param labels the classes' names, index = class
 * @param topology neuron layers and products, for counting operations
 * @param provenance where the model came from
 */
public record ModelCard(
    String format,
    String variant,
    NetworkConfig network,
    InputSpec input,
    List<String> labels,
    Topology topology,
    Provenance provenance) {

  /** The format this code writes and reads. */
  public static final String FORMAT = "spikemlp-model-card-1";

  /** The key of the card in an ONNX file's {@code metadata_props}. */
  public static final String METADATA_KEY = "spikemlp.model_card";

  public static final String INPUT_NAME = "images";
  public static final String LOGITS_NAME = "logits";
  public static final String SPIKES_NAME = "spikes";
  public static final String WINDOWS_NAME = "windows";

  public ModelCard {
    if (!FORMAT.equals(format)) {
      throw new IllegalArgumentException(
          "model card format '" + format + "' is not known; this version reads " + FORMAT);
    }
    labels = List.copyOf(labels);
    if (labels.size() != network.classes()) {
      throw new IllegalArgumentException(
          "the network has "
              + network.classes()
              + " classes, the card "
              + labels.size()
              + " labels");
    }
    if (input.height() != network.imageHeight() || input.width() != network.imageWidth()) {
      throw new IllegalArgumentException(
          "the network's image is "
              + network.imageHeight()
              + "×"
              + network.imageWidth()
              + ", the card's input "
              + input.height()
              + "×"
              + input.width());
    }
  }

  /** A card of the current format whose topology follows from the configuration. */
  public static ModelCard of(
      String variant,
      NetworkConfig network,
      InputSpec input,
      List<String> labels,
      Provenance provenance) {
    return new ModelCard(FORMAT, variant, network, input, labels, Topology.of(network), provenance);
  }
}
