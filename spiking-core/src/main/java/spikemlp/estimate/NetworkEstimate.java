package spikemlp.estimate;

import java.util.List;
import spikemlp.contract.card.ProductShape;
import spikemlp.contract.card.Topology;
import spikemlp.contract.energy.EnergyModel;
import spikemlp.contract.energy.MemoryAwareModel;
import spikemlp.contract.energy.OperationCounts;
import spikemlp.contract.energy.PaperConvention;
import spikemlp.contract.energy.QuantisedAnn;
import spikemlp.contract.energy.SpikeActivity;
import spikemlp.contract.network.NetworkConfig;

/**
 * What a network would cost an image if its neurons fired at given rates. Everything is counted
 * from the configuration; nothing is measured.
 *
 * @param network the configuration, T included
 * @param parameters numbers it learns
 * @param firingRate mean spikes per neuron and time step, in [0, 1]
 * @param denseAdditionsPerStep A, additions a time step if every input spiked
 * @param operations expected over T, rounded
 * @param paper the same by the paper's convention, for comparison with its tables
 * @param energy by every model of operations alone, the paper's first
 * @param memoryAware with memory and addressing
 * @param quantisedAnn the equal-bit artificial network
 * @param memory bytes in inference and training
 */
public record NetworkEstimate(
    NetworkConfig network,
    long parameters,
    double firingRate,
    long denseAdditionsPerStep,
    OperationCounts operations,
    PaperConvention paper,
    List<Energy> energy,
    MemoryAware memoryAware,
    QuantisedAnn quantisedAnn,
    MemoryEstimate memory) {

  public NetworkEstimate {
    energy = List.copyOf(energy);
  }

  /**
   * One model's estimate, pJ.
   *
   * @param model with its constants
   * @param picojoules spiking
   * @param annPicojoules the same network as an artificial one
   */
  public record Energy(EnergyModel model, double picojoules, double annPicojoules) {}

  /**
   * The estimate with memory, pJ.
   *
   * @param name {@link MemoryAwareModel#NAME}
   * @param model with its constants
   * @param picojoules spiking
   * @param annPicojoules the same network as an artificial one
   * @param spiking where the spiking network's energy goes
   * @param artificial where the artificial network's goes
   */
  public record MemoryAware(
      String name,
      MemoryAwareModel model,
      double picojoules,
      double annPicojoules,
      MemoryAwareModel.Energy spiking,
      MemoryAwareModel.Energy artificial) {

    static MemoryAware of(MemoryAwareModel model, NetworkConfig config, SpikeActivity activity) {
      MemoryAwareModel.Energy spiking = model.spiking(config, activity);
      MemoryAwareModel.Energy artificial = model.artificial(config, activity);
      return new MemoryAware(
          MemoryAwareModel.NAME,
          model,
          spiking.picojoules(),
          artificial.picojoules(),
          spiking,
          artificial);
    }
  }

  /**
   * Where and how fast neurons fire.
   *
   * @see SpikeActivity#atRate
   * @see SpikeActivity#atRates
   */
  @FunctionalInterface
  public interface Rates {
    SpikeActivity of(Topology topology, int timeSteps);
  }

  /**
   * Estimates a network.
   *
   * @param rates how its neurons fire
   * @param memoryAware the model with memory
   * @param batchSize images a training step
   * @throws IllegalArgumentException if the network is too large to be counted, or the rates do not
   *     fit it
   */
  public static NetworkEstimate of(
      NetworkConfig config, Rates rates, MemoryAwareModel memoryAware, int batchSize) {
    List<ProductShape> shapes = ProductShape.of(config);
    Topology topology = Topology.of(config);
    SpikeActivity activity = rates.of(topology, config.timeSteps());
    OperationCounts operations = activity.counts();
    return new NetworkEstimate(
        config,
        shapes.stream().mapToLong(ProductShape::parameters).sum(),
        activity.firingRate(),
        topology.denseAdditionsPerStep(),
        operations,
        PaperConvention.of(shapes, config.timeSteps(), activity.firingRate()),
        EnergyModel.ALL.stream()
            .map(model ->
                new Energy(model, model.picojoules(operations), model.annPicojoules(operations)))
            .toList(),
        MemoryAware.of(memoryAware, config, activity),
        QuantisedAnn.of(config.timeSteps(), operations.annMacs()),
        MemoryEstimate.of(config, shapes, topology, batchSize));
  }
}
