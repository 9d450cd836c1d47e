package spikemlp.benchmark.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A kernel and what it does for one sample. Every operation of its equations counts, an exponential
 * or a division as one; in a product of spikes also those that nothing fired for, as a dense
 * product would do them. Bytes are those of its tensors in memory, each moved once, and fetched
 * once more before it is written; an {@link spikemlp.kernel.OutputGradient} is in the cache.
 *
 * @param name for the table
 * @param benchmark the method that JMH runs, with its class
 * @param parameters besides the implementation
 * @param unit what is counted
 * @param units a sample
 * @param flops a sample
 * @param bytes a sample
 */
record Work(
    String name,
    String benchmark,
    Map<String, String> parameters,
    Unit unit,
    long units,
    double flops,
    double bytes) {

  /** What times are given for. */
  enum Unit {
    /** A neuron at a step. */
    NEURON,
    /** A multiplication and addition of the dense product. */
    MAC
  }

  private static final double NUMBER = Float.BYTES;
  private static final double SPIKE = 1.0 / Byte.SIZE;

  /** z from y, charge, fire, reset. */
  private static final int FIRE = 2 + 3 + 1 + 1;

  /** The same again; the sigmoid's derivative; δh, δz and δv; the sums of two features. */
  private static final int FIRE_BACKWARD = FIRE + 7 + 3 + 2 + 4;

  Work {
    parameters = Map.copyOf(parameters);
  }

  static List<Work> all() {
    List<Work> all = new ArrayList<>();
    all.add(neurons("fire", "fire", FIRE, NUMBER + SPIKE));
    all.add(neurons("fire backward", "fireBackward", FIRE_BACKWARD, 3 * NUMBER));
    all.add(neurons("normalise backward", "normaliseBackward", 5, 3 * NUMBER));
    all.add(neurons("measure", "measure", 4, NUMBER));
    all.add(neurons("measure gradient", "measureGradient", 4, 2 * NUMBER));
    for (ProductKernels.Layer layer : ProductKernels.Layer.values()) {
      double spikes = SPIKE * layer.inputs();
      all.add(product("forward", layer, spikes + 2 * NUMBER * layer.outputs()));
      all.add(product("weightGradient", layer, spikes));
      all.add(product("inputGradient", layer, 2 * NUMBER * layer.inputs()));
    }
    for (AxisKernels.Axis axis : AxisKernels.Axis.values()) {
      all.add(axis("forward", axis, SPIKE + 2 * NUMBER));
      all.add(axis("inputGradient", axis, 3 * NUMBER));
      all.add(axis("weightGradient", axis, SPIKE + NUMBER));
    }
    return all;
  }

  private static Work neurons(String name, String method, int flops, double bytes) {
    long neurons = (long) FirstStage.ROWS * FirstStage.CHANNELS;
    return new Work(
        name,
        NeuronKernels.class.getName() + "." + method,
        Map.of(),
        Unit.NEURON,
        neurons,
        (double) flops * neurons,
        bytes * neurons);
  }

  /**
   * @param bytes a row
   */
  private static Work product(String method, ProductKernels.Layer layer, double bytes) {
    return macs(
        "%s %d->%d".formatted(words(method), layer.inputs(), layer.outputs()),
        ProductKernels.class.getName() + "." + method,
        Map.of("layer", layer.name()),
        (long) FirstStage.ROWS * layer.inputs() * layer.outputs(),
        bytes * FirstStage.ROWS);
  }

  /**
   * @param bytes a number of the layer
   */
  private static Work axis(String method, AxisKernels.Axis axis, double bytes) {
    long numbers = (long) FirstStage.ROWS * FirstStage.CHANNELS;
    return macs(
        "axis %s %s".formatted(axis, words(method)),
        AxisKernels.class.getName() + "." + method,
        Map.of("axis", axis.name()),
        numbers * axis.features(),
        bytes * numbers);
  }

  private static Work macs(
      String name, String benchmark, Map<String, String> parameters, long macs, double bytes) {
    return new Work(name, benchmark, parameters, Unit.MAC, macs, 2.0 * macs, bytes);
  }

  private static String words(String method) {
    return method.replace("Gradient", " gradient");
  }
}
