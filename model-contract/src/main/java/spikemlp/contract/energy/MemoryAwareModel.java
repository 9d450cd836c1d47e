package spikemlp.contract.energy;

import java.util.List;
import spikemlp.contract.card.NeuronLayer;
import spikemlp.contract.card.ProductShape;
import spikemlp.contract.card.SynapticLayer;
import spikemlp.contract.network.NetworkConfig;

/**
 * An energy estimate that adds memory and addressing to the operations, after Lemaire et al. (An
 * Analytical Estimation of Spiking Neural Networks Energy Efficiency, ICONIP 2022). Every layer has
 * memories of its own, each the smallest that holds it. Over T, for θ input spikes and AC synaptic
 * additions, M outputs and as many biases:
 *
 * <pre>
 * weights     reads AC + T·M                         (weights, biases)
 * potentials  reads and writes AC + T·M each, and one of each for every membrane update
 *             skip connections: two reads and one write
 * spikes      reads θ of every product, one write for every spike fired
 * addressing  one integer addition for every AC; of a convolution two integer MACs a spike more
 * operations  adds for AC, biases, skips and membrane updates, MACs of the first layer; a MAC for a
 *             membrane update if its leak is no power of two
 * </pre>
 *
 * The first layer reads one input and one weight for every MAC, writes its outputs once, and its
 * neurons read them at every step. The artificial network does the same in every layer, and its
 * addresses take one integer addition for every input and output.
 *
 * @param operations what an addition and a multiply-accumulate cost
 * @param addressing the same for addresses
 * @param memory what an access costs
 * @param valueBits of a weight, potential or activation
 */
public record MemoryAwareModel(
    EnergyModel operations, EnergyModel addressing, MemoryAccess memory, int valueBits)
    implements EnergyEstimator {

  /** The name that answers carry. */
  public static final String NAME = "memory-aware";

  /** 32-bit floating point, 32-bit integer addresses, one 32-bit word an access. */
  public static final MemoryAwareModel DEFAULT =
      new MemoryAwareModel(EnergyModel.HOROWITZ_45NM, EnergyModel.INT32, new MemoryAccess(32), 32);

  /**
   * Where the energy goes, pJ; an estimate.
   *
   * @param operations additions and multiply-accumulates
   * @param weights reads of weights and biases
   * @param potentials reads and writes of potentials and states, or of an artificial network's
   *     activations
   * @param spikes reads and writes of spikes
   * @param addressing arithmetic on addresses
   */
  public record Energy(
      double operations, double weights, double potentials, double spikes, double addressing) {

    /** All of it, pJ. */
    public double picojoules() {
      return operations + weights + potentials + spikes + addressing;
    }

    Energy plus(Energy other) {
      return new Energy(
          operations + other.operations,
          weights + other.weights,
          potentials + other.potentials,
          spikes + other.spikes,
          addressing + other.addressing);
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public double picojoules(NetworkConfig network, SpikeActivity activity) {
    return spiking(network, activity).picojoules();
  }

  @Override
  public double annPicojoules(NetworkConfig network, SpikeActivity activity) {
    return artificial(network, activity).picojoules();
  }

  @Override
  public QuantisedAnn quantisedAnn(NetworkConfig network, SpikeActivity activity) {
    QuantisedAnn operationsAlone =
        QuantisedAnn.of(activity.timeSteps(), activity.topology().annMacs());
    return new QuantisedAnn(
        operationsAlone.activationBits(),
        operationsAlone.model(),
        operationsAlone.macs(),
        quantised(activity.timeSteps()).annPicojoules(network, activity));
  }

  /**
   * The same memories and addresses with values as wide as the equal-bit artificial network's: 8
   * bits, or 32 if T steps tell more than 256 values apart.
   */
  public MemoryAwareModel quantised(int timeSteps) {
    EnergyModel narrow = QuantisedAnn.of(timeSteps, 0).model();
    return new MemoryAwareModel(
        narrow, addressing, memory, narrow.equals(EnergyModel.INT8) ? Byte.SIZE : Integer.SIZE);
  }

  /** Spiking inference of one sample. */
  public Energy spiking(NetworkConfig config, SpikeActivity activity) {
    List<SynapticLayer> layers = activity.topology().synapses();
    List<ProductShape> shapes = ProductShape.of(config);
    Energy sum = new Energy(0, 0, 0, 0, 0);
    long largest = 0;
    for (int i = 0; i < layers.size(); i++) {
      ProductShape shape = shapes.get(i);
      largest = Math.max(largest, shape.outputs());
      sum =
          sum.plus(
              switch (layers.get(i).kind()) {
                case MAC -> firstLayer(config, shape);
                case UNIFORM, WINDOWED -> product(layers.get(i), shape, activity);
              });
    }
    double leak = 1 - 1 / config.tau();
    for (NeuronLayer layer : activity.topology().neurons()) {
      double updates = (double) activity.timeSteps() * layer.neurons();
      double update =
          leak == 0 || leak == Math.scalb(1.0, Math.getExponent(leak))
              ? operations.addPicojoules()
              : operations.macPicojoules();
      sum = sum.plus(new Energy(updates * update, 0, 2 * updates * access(layer.neurons()), 0, 0));
    }
    double skips = (double) activity.timeSteps() * activity.topology().skipAdditions();
    return sum.plus(
        new Energy(
            skips * operations.addPicojoules(),
            0,
            3 * skips * access(largest),
            activity.firedSpikes() * memory.picojoulesOfQueue(valueBits),
            0));
  }

  private Energy product(SynapticLayer layer, ProductShape shape, SpikeActivity activity) {
    double additions = activity.additions(layer);
    double spikes = activity.inputSpikes(layer);
    boolean classifier = shape.name().equals(ProductShape.CLASSIFIER);
    double biases = (classifier ? 1.0 : activity.timeSteps()) * shape.outputs();
    double potential = access(shape.outputs());
    return new Energy(
        (additions + biases) * operations.addPicojoules(),
        additions * access(shape.weights()) + biases * access(shape.features()),
        2 * (additions + biases) * potential,
        spikes * memory.picojoulesOfQueue(valueBits),
        additions * addressing.addPicojoules()
            + (shape.convolution() ? 2 * spikes * addressing.macPicojoules() : 0));
  }

  private Energy firstLayer(NetworkConfig config, ProductShape shape) {
    long outputs = shape.outputs();
    Energy once = dense(shape, shape.paddedOperations(), imageNumbers(config));
    return once.plus(new Energy(0, 0, config.timeSteps() * outputs * access(outputs), 0, 0));
  }

  /** The same network as an artificial one, an image. */
  public Energy artificial(NetworkConfig config, SpikeActivity activity) {
    List<SynapticLayer> layers = activity.topology().synapses();
    List<ProductShape> shapes = ProductShape.of(config);
    Energy sum = new Energy(0, 0, 0, 0, 0);
    for (int i = 0; i < layers.size(); i++) {
      SynapticLayer layer = layers.get(i);
      long inputs =
          shapes.get(i).name().equals(ProductShape.CLASSIFIER)
              ? shapes.get(i).fanIn()
              : inputNumbers(config, layer, activity);
      sum = sum.plus(dense(shapes.get(i), layer.annMacs(), inputs));
    }
    return sum;
  }

  private static long inputNumbers(
      NetworkConfig config, SynapticLayer layer, SpikeActivity activity) {
    return switch (layer.kind()) {
      case MAC -> imageNumbers(config);
      case UNIFORM, WINDOWED ->
          activity.topology().neurons().stream()
              .filter(neurons -> layer.sources().contains(neurons.name()))
              .mapToLong(NeuronLayer::neurons)
              .sum();
    };
  }

  private static long imageNumbers(NetworkConfig config) {
    return (long) NetworkConfig.IMAGE_CHANNELS * config.imageHeight() * config.imageWidth();
  }

  private Energy dense(ProductShape shape, long macs, long inputs) {
    long outputs = shape.outputs();
    return new Energy(
        macs * operations.macPicojoules() + outputs * operations.addPicojoules(),
        macs * access(shape.weights()) + outputs * access(shape.features()),
        macs * access(inputs) + outputs * access(outputs),
        0,
        (inputs + outputs) * addressing.addPicojoules());
  }

  /** One value of a memory of so many, pJ. */
  private double access(long values) {
    return memory.picojoules(values, valueBits);
  }
}
