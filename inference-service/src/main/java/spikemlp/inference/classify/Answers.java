package spikemlp.inference.classify;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.card.NeuronLayer;
import spikemlp.contract.classify.LayerRate;
import spikemlp.contract.classify.Prediction;

/** What one sample's outputs say. */
public final class Answers {

  private Answers() {}

  /**
   * p_k = exp(z_k − max z) / Σ_j exp(z_j − max z).
   *
   * @param logits z, {@code [K]}, finite
   */
  public static double[] probabilities(float[] logits) {
    double[] probabilities = new double[logits.length];
    double largest = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      largest = Math.max(largest, logit);
    }
    double sum = 0;
    for (int k = 0; k < logits.length; k++) {
      probabilities[k] = Math.exp(logits[k] - largest);
      sum += probabilities[k];
    }
    for (int k = 0; k < logits.length; k++) {
      probabilities[k] /= sum;
    }
    return probabilities;
  }

  /**
   * The classes of the {@code topK} largest logits, most probable first, the lower index before its
   * equal.
   *
   * @param logits z, {@code [K]}, finite
   * @param topK at least 1; more than K means K
   */
  static List<Prediction> predictions(ModelCard card, float[] logits, int topK) {
    double[] probabilities = probabilities(logits);
    return IntStream.range(0, logits.length)
        .boxed()
        .sorted(Comparator.comparingDouble(k -> -logits[k]))
        .limit(topK)
        .map(k -> new Prediction(card.labels().get(k), k, probabilities[k]))
        .toList();
  }

  /**
   * The firing rate of each neuron layer.
   *
   * @param spikes of one sample over T, {@code [L]}
   */
  static List<LayerRate> rates(ModelCard card, long[] spikes) {
    List<NeuronLayer> layers = card.topology().neurons();
    double timeSteps = card.network().timeSteps();
    return IntStream.range(0, spikes.length)
        .mapToObj(l ->
            new LayerRate(
                layers.get(l).name(),
                layers.get(l).neurons(),
                spikes[l],
                spikes[l] / (timeSteps * layers.get(l).neurons())))
        .toList();
  }
}
