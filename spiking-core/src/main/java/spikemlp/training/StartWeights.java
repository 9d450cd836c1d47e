package spikemlp.training;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import spikemlp.checkpoint.CheckpointException;
import spikemlp.checkpoint.Safetensors;
import spikemlp.checkpoint.SafetensorsFile;
import spikemlp.checkpoint.WeightTensor;
import spikemlp.contract.card.StartMode;
import spikemlp.network.SpikingMlp;

/**
 * Weights and running statistics, by canonical name, that a run takes over from a trained network's
 * file: the moving average where there is one. Neither T nor the neuron has weights, so that both
 * may differ; what else the file holds, such as the other run's momenta, is left where it is.
 */
final class StartWeights {

  private static final String CLASSIFIER = "head.classifier.";

  private StartWeights() {}

  /**
   * Fills a new network; with {@link StartMode#FINE_TUNE} its classifier keeps its first weights.
   *
   * @throws CheckpointException naming every tensor that is missing, of another shape or not finite
   */
  static void load(Path path, StartMode mode, SpikingMlp network) {
    SafetensorsFile file = Safetensors.read(path);
    Map<String, WeightTensor> weights = new LinkedHashMap<>();
    network
        .weights()
        .forEach((name, first) -> {
          if (isNew(name, mode)) {
            weights.put(name, first);
          } else {
            // A run with a moving average was tested and exported by it.
            String averaged = Checkpoint.AVERAGE + name;
            String there = file.tensors().containsKey(averaged) ? averaged : name;
            if (file.tensors().containsKey(there)) {
              weights.put(name, file.floats(there));
            }
          }
        });
    try {
      network.load(weights);
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(path, String.valueOf(e.getMessage()), e);
    }
  }

  private static boolean isNew(String name, StartMode mode) {
    return switch (mode) {
      case INHERIT -> false;
      case FINE_TUNE -> name.startsWith(CLASSIFIER);
    };
  }
}
