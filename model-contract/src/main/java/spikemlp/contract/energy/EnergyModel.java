package spikemlp.contract.energy;

import java.util.List;
import spikemlp.contract.network.NetworkConfig;

/**
 * E = macPicojoules · MAC + addPicojoules · AC: an estimate from operation counts, never a
 * measurement of joules. Constants after Horowitz (ISSCC 2014), 45 nm.
 *
 * @param name the name every answer carries
 * @param addPicojoules energy of one addition, pJ
 * @param macPicojoules energy of one multiply-accumulate, pJ
 */
public record EnergyModel(String name, double addPicojoules, double macPicojoules)
    implements EnergyEstimator {

  /** The paper's: 32-bit floating-point additions and multiply-accumulates. */
  public static final EnergyModel HOROWITZ_45NM =
      new EnergyModel("horowitz-45nm-compute", 0.9, 4.6);

  public static final EnergyModel INT8 = new EnergyModel("int8", 0.03, 0.23);
  public static final EnergyModel INT32 = new EnergyModel("int32", 0.1, 3.2);
  public static final EnergyModel FP16 = new EnergyModel("fp16", 0.4, 1.5);

  /** Every model, the paper's first. */
  public static final List<EnergyModel> ALL = List.of(HOROWITZ_45NM, INT8, INT32, FP16);

  /**
   * The model of that name.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names there are
   */
  public static EnergyModel named(String name) {
    return ALL.stream()
        .filter(model -> model.name.equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no energy model is named '"
                    + name
                    + "'; there are "
                    + String.join(", ", ALL.stream().map(EnergyModel::name).toList())));
  }

  /** The estimate for what a sample's spikes caused, pJ: the first layer's MACs once an image. */
  public double picojoules(OperationCounts counts) {
    return macPicojoules * counts.macs() + addPicojoules * counts.synapticAdditions();
  }

  /** The same network as an artificial one: all products dense, pJ. */
  public double annPicojoules(OperationCounts counts) {
    return macPicojoules * counts.annMacs();
  }

  @Override
  public EnergyModel operations() {
    return this;
  }

  @Override
  public double picojoules(NetworkConfig network, SpikeActivity activity) {
    return picojoules(activity.counts());
  }

  @Override
  public double annPicojoules(NetworkConfig network, SpikeActivity activity) {
    return macPicojoules * activity.topology().annMacs();
  }

  @Override
  public QuantisedAnn quantisedAnn(NetworkConfig network, SpikeActivity activity) {
    return QuantisedAnn.of(activity.timeSteps(), activity.topology().annMacs());
  }
}
