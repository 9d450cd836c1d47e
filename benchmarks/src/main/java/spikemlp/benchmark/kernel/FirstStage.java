package spikemlp.benchmark.kernel;

import java.util.List;
import java.util.SplittableRandom;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.kernel.Charge;
import spikemlp.kernel.Current;
import spikemlp.kernel.Kernels;
import spikemlp.kernel.Precision;
import spikemlp.kernel.Spikes;
import spikemlp.kernel.Tensor;
import spikemlp.neuron.LifNeuron;

/** The small network's first stage: its sizes, its neuron, and numbers and spikes to work on. */
final class FirstStage {

  static final int TIME_STEPS = 4;
  static final int HEIGHT = 16;
  static final int WIDTH = 16;
  static final int TOKENS = HEIGHT * WIDTH;
  static final int CHANNELS = 96;
  static final int HIDDEN = 288;

  /** Rows a sample. */
  static final int ROWS = TIME_STEPS * TOKENS;

  /** The share of neurons that fire at a step, about that of the network in training. */
  static final double FIRING_RATE = 0.14;

  static final LifNeuron NEURON =
      LifNeuron.of(NetworkConfig.of(32, 32, 2, CHANNELS, List.of(2, 2), 10));

  private static final int BLOCK = 1 << 20;

  private FirstStage() {}

  /** {@code size} normally distributed numbers, the same million over and over. */
  static Tensor numbers(long size) {
    SplittableRandom random = new SplittableRandom(1);
    float[] block = new float[(int) Math.min(BLOCK, size)];
    for (int i = 0; i < block.length; i++) {
      block[i] = (float) random.nextGaussian();
    }
    Tensor numbers = Tensor.zeros(Precision.SINGLE, size);
    numbers.setAll(block, 0);
    for (long at = block.length; at < size; at += block.length) {
      numbers.copyFrom(numbers, 0, at, Math.min(block.length, size - at));
    }
    return numbers;
  }

  /** Spikes at random places, of so many samples and channels. */
  static Spikes spikes(Kernels kernels, int samples, int channels) {
    SplittableRandom random = new SplittableRandom(2);
    int size = ROWS * channels;
    float[] z = new float[size];
    float enough = (float) (NEURON.tau() * NEURON.threshold());
    Spikes spikes = kernels.spikes((long) samples * ROWS, 1, channels);
    try (Tensor input = Tensor.zeros(Precision.SINGLE, (long) samples * size)) {
      // All as tokens of one step: no potential is left over from a step before.
      Charge charge = new Charge(1, ROWS, channels, Current.plain(input, true), List.of());
      for (int sample = 0; sample < samples; sample++) {
        for (int i = 0; i < size; i++) {
          z[i] = random.nextDouble() < FIRING_RATE ? enough : 0;
        }
        input.setAll(z, (long) sample * size);
        kernels.fire(charge, NEURON, spikes, sample);
      }
    }
    return spikes;
  }
}
