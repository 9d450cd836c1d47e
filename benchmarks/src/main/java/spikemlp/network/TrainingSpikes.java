package spikemlp.network;

import java.util.LinkedHashMap;
import java.util.Map;
import spikemlp.kernel.Workers;
import spikemlp.layer.SpikingLayer;

/** The spikes of a forward pass in training mode, which the network keeps to itself. */
public final class TrainingSpikes {

  private TrainingSpikes() {}

  /**
   * The spikes of each sample over T, by neuron name.
   *
   * @param images {@code [B, 3, H, W]}, normalised
   */
  public static Map<String, long[]> count(SpikingMlp network, float[] images, int batch) {
    Map<String, long[]> counts = new LinkedHashMap<>();
    try (Layers layers = network.layers(Workers.ALL, batch, true)) {
      layers.images().setAll(images, 0);
      layers.forward();
      for (SpikingLayer layer : layers.neurons()) {
        long[] perSample = new long[batch];
        for (int b = 0; b < batch; b++) {
          perSample[b] = layer.count(b);
        }
        counts.put(layer.name(), perSample);
      }
    }
    return counts;
  }
}
