package spikemlp.benchmark.libtorch;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A way to compute the network on libtorch; the numbers are the same but for rounding.
 *
 * @param linear how the FCs over channels run
 * @param axis how the FCs over an axis run
 * @param convolution how the 3×3 and 2×2 convolutions' inputs lie
 * @param neuron over how much at once a neuron layer's steps run
 */
record Settings(Linear linear, Axis axis, Convolution convolution, Neuron neuron) {

  /** FC over channels. */
  enum Linear {
    /** at::linear: OpenBLAS. */
    GEMM,
    /** A 1×1 convolution on channels-last tokens: oneDNN. */
    POINTWISE
  }

  /** FC over an axis. */
  enum Axis {
    /** The weight, broadcast over the batch, in at::bmm. */
    BMM,
    /** A convolution of length 1 with the axis as channels: oneDNN. */
    CONV1D
  }

  /** Memory format of a convolution's input. */
  enum Convolution {
    /** As the tokens lie. */
    CHANNELS_LAST,
    /** Copied to NCHW and back. */
    CONTIGUOUS
  }

  /** A neuron layer's loop over T. */
  enum Neuron {
    /** Each operation on the whole step. */
    WHOLE,
    /** Pieces small enough for the caches, one after the other. */
    PIECES
  }

  /** What was fastest of all where it was written, and what differs from it in one choice. */
  static List<Settings> all() {
    Settings base =
        new Settings(Linear.POINTWISE, Axis.CONV1D, Convolution.CHANNELS_LAST, Neuron.WHOLE);
    return List.of(
        base,
        new Settings(base.linear, base.axis, base.convolution, Neuron.PIECES),
        new Settings(base.linear, base.axis, Convolution.CONTIGUOUS, base.neuron),
        new Settings(base.linear, Axis.BMM, base.convolution, base.neuron),
        new Settings(Linear.GEMM, base.axis, base.convolution, base.neuron),
        new Settings(Linear.GEMM, Axis.BMM, base.convolution, base.neuron));
  }

  /**
   * The settings that {@link #toString} writes so.
   *
   * @throws IllegalArgumentException if there are none; the message lists the settings there are
   */
  static Settings named(String name) {
    return all().stream()
        .filter(settings -> settings.toString().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no settings are named '" + name + "'; there are " + all()));
  }

  @Override
  public String toString() {
    return String.join(
            " ",
            Arrays.asList(
                "linear=" + linear,
                "axis=" + axis,
                "convolution=" + convolution,
                "neuron=" + neuron))
        .toLowerCase(Locale.ROOT);
  }
}
