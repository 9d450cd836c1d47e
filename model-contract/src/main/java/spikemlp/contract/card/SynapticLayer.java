package spikemlp.contract.card;

import java.util.List;

/**
 * One matrix product or convolution, as its operations are counted.
 *
 * @param name the canonical name of its weight's layer, such as {@code stages.0.mixers.1.fuse}
 * @param kind how its operations follow from spikes
 * @param sources the neuron layers whose spikes it reads; empty for {@link Kind#MAC}
 * @param fanOut additions per source spike, or per window and source spike
 * @param window index into {@link Topology#windows()} for {@link Kind#WINDOWED}, else −1
 * @param denseOperations operations if every input spiked: additions a time step, or the
 *     multiply-accumulates an image of {@link Kind#MAC}
 * @param annMacs multiply-accumulates of the same layer in an artificial network, an image
 */
public record SynapticLayer(
    String name,
    Kind kind,
    List<String> sources,
    long fanOut,
    int window,
    long denseOperations,
    long annMacs) {

  /** How a layer's operations follow from spikes. */
  public enum Kind {
    /** The input is real-valued: multiply-accumulates, once an image. */
    MAC,
    /** Every source spike causes {@code fanOut} additions. */
    UNIFORM,
    /** Every source spike causes {@code fanOut} additions in each window that it lies in. */
    WINDOWED
  }

  public SynapticLayer {
    sources = List.copyOf(sources);
  }
}
