package spikemlp.trainer.job;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import spikemlp.contract.energy.EnergyEstimator;
import spikemlp.contract.energy.EnergyModel;
import spikemlp.contract.energy.OperationCounts;
import spikemlp.contract.energy.SpikeActivity;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.registry.RegisterVersionRequest;
import spikemlp.neurobench.NeuroBenchMetrics;
import spikemlp.training.Evaluation;

/**
 * What the test images showed.
 *
 * @param images images classified
 * @param accuracy in [0, 1]
 * @param loss mean cross-entropy
 * @param firingRates spikes per neuron and time step by neuron layer, in [0, 1]
 * @param operations mean of a sample
 * @param energy by every estimator, of a mean sample; an estimate
 * @param neuroBench NeuroBench's metrics; null in results written before there were any
 * @param int8 what 8-bit weights do on them; null in results written before there were any
 */
record TestResults(
    int images,
    double accuracy,
    double loss,
    Map<String, Double> firingRates,
    OperationCounts operations,
    List<Energy> energy,
    @Nullable NeuroBenchMetrics neuroBench,
    @Nullable Quantised int8) {

  /** The same images with 8-bit weights: accuracy in [0, 1], mean cross-entropy. */
  record Quantised(double accuracy, double loss) {}

  /**
   * One estimator's numbers for a mean sample.
   *
   * @param picojoules the network, pJ
   * @param annPicojoules the same network as an artificial one, pJ
   * @param quantisedAnnPicojoules the same as an artificial one of equal bits, pJ; null in results
   *     written before there were any
   */
  record Energy(
      String model,
      double addPicojoules,
      double macPicojoules,
      double picojoules,
      double annPicojoules,
      @Nullable Double quantisedAnnPicojoules) {

    static List<Energy> of(NetworkConfig network, Evaluation evaluation) {
      SpikeActivity activity = evaluation.activity();
      return EnergyEstimator.all().stream()
          .map(estimator ->
              new Energy(
                  estimator.name(),
                  estimator.operations().addPicojoules(),
                  estimator.operations().macPicojoules(),
                  estimator.picojoules(network, activity),
                  estimator.annPicojoules(network, activity),
                  estimator.quantisedAnn(network, activity).picojoules()))
          .toList();
    }
  }

  /** The headline numbers that the job and its version carry. */
  Map<String, Double> metrics(long parameters) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put(RegisterVersionRequest.ACCURACY, accuracy);
    if (int8 != null) {
      metrics.put(RegisterVersionRequest.INT8_ACCURACY, int8.accuracy());
    }
    metrics.put("loss", loss);
    metrics.put("test_images", (double) images);
    metrics.put("parameters", (double) parameters);
    metrics.put("synaptic_additions", (double) operations.synapticAdditions());
    metrics.put("macs", (double) operations.macs());
    metrics.put("energy_pj", EnergyModel.HOROWITZ_45NM.picojoules(operations));
    metrics.put("ann_energy_pj", EnergyModel.HOROWITZ_45NM.annPicojoules(operations));
    return metrics;
  }
}
