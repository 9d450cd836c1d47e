package spikemlp.inference.classify;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.classify.EnergyReport;
import spikemlp.contract.classify.Prediction;
import spikemlp.contract.energy.EnergyModel;
import spikemlp.contract.energy.OperationCounts;

/** What one sample's outputs say: probabilities, and the energy of the spikes it fired. */
final class Answers {

  private Answers() {}

  /**
   * The classes of the {@code topK} largest logits, most probable first, the lower index before its
   * equal. p_k = exp(z_k − max z) / Σ_j exp(z_j − max z).
   *
   * @param logits z, {@code [K]}, finite
   * @param topK at least 1; more than K means K
   */
  static List<Prediction> predictions(ModelCard card, float[] logits, int topK) {
    double[] exponentials = new double[logits.length];
    double largest = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      largest = Math.max(largest, logit);
    }
    double sum = 0;
    for (int k = 0; k < logits.length; k++) {
      exponentials[k] = Math.exp(logits[k] - largest);
      sum += exponentials[k];
    }
    double all = sum;
    return IntStream.range(0, logits.length)
        .boxed()
        .sorted(Comparator.comparingDouble(k -> -logits[k]))
        .limit(topK)
        .map(k -> new Prediction(card.labels().get(k), k, exponentials[k] / all))
        .toList();
  }

  /**
   * The estimate for one sample.
   *
   * @param spikes spikes per neuron layer over T, {@code [L]}
   * @param windows spikes weighted by windows over T, {@code [Q]}
   */
  static EnergyReport energy(ModelCard card, EnergyModel model, long[] spikes, long[] windows) {
    int timeSteps = card.network().timeSteps();
    OperationCounts operations = OperationCounts.count(card.topology(), timeSteps, spikes, windows);
    long fired = 0;
    for (long count : spikes) {
      fired += count;
    }
    return new EnergyReport(
        model,
        model.picojoules(operations),
        model.annPicojoules(operations),
        operations,
        fired,
        (double) fired / operations.membraneUpdates());
  }
}
