package spikemlp.contract.classify;

import org.jspecify.annotations.Nullable;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.energy.EnergyEstimator;
import spikemlp.contract.energy.EnergyModel;
import spikemlp.contract.energy.MemoryAwareModel;
import spikemlp.contract.energy.OperationCounts;
import spikemlp.contract.energy.QuantisedAnn;
import spikemlp.contract.energy.SpikeActivity;

/**
 * The energy estimate of one sample, from the spikes it fired.
 *
 * @param model the estimator's name, and what an addition and a multiply-accumulate cost by it
 * @param picojoules the estimate, pJ
 * @param annPicojoules the same network as an artificial one, pJ
 * @param quantisedAnn the same as an artificial one of equal bits, by the same estimator
 * @param timesAnn picojoules over annPicojoules; above 1 the spiking network loses
 * @param timesQuantisedAnn picojoules over the quantised network's; above 1 the spiking one loses
 * @param operations what was counted
 * @param spikes spikes fired in all neuron layers over T
 * @param firingRate spikes over neurons and time steps, in [0, 1]
 * @param memory where it goes, if the estimator counts memory
 */
public record EnergyReport(
    EnergyModel model,
    double picojoules,
    double annPicojoules,
    QuantisedAnn quantisedAnn,
    double timesAnn,
    double timesQuantisedAnn,
    OperationCounts operations,
    long spikes,
    double firingRate,
    @Nullable MemoryEnergy memory) {

  /**
   * The estimate of one sample.
   *
   * @param card of the version that answered
   * @param spikes the sample's per neuron layer over T, {@code [L]}
   * @param windows the same weighted by windows, {@code [Q]}
   * @throws IllegalArgumentException if an array's length is not the topology's
   */
  public static EnergyReport of(
      EnergyEstimator estimator, ModelCard card, long[] spikes, long[] windows) {
    SpikeActivity activity =
        SpikeActivity.recorded(card.topology(), card.network().timeSteps(), spikes, windows);
    double picojoules = estimator.picojoules(card.network(), activity);
    double ann = estimator.annPicojoules(card.network(), activity);
    QuantisedAnn quantised = estimator.quantisedAnn(card.network(), activity);
    return new EnergyReport(
        new EnergyModel(
            estimator.name(),
            estimator.operations().addPicojoules(),
            estimator.operations().macPicojoules()),
        picojoules,
        ann,
        quantised,
        picojoules / ann,
        picojoules / quantised.picojoules(),
        activity.counts(),
        (long) activity.firedSpikes(),
        activity.firingRate(),
        memory(estimator, card, activity));
  }

  private static @Nullable MemoryEnergy memory(
      EnergyEstimator estimator, ModelCard card, SpikeActivity activity) {
    return switch (estimator) {
      case EnergyModel _ -> null;
      case MemoryAwareModel model ->
          new MemoryEnergy(
              model,
              model.spiking(card.network(), activity),
              model.artificial(card.network(), activity),
              model.quantised(activity.timeSteps()).artificial(card.network(), activity));
    };
  }
}
