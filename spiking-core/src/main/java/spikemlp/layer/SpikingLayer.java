package spikemlp.layer;

import java.util.List;
import java.util.Optional;
import spikemlp.kernel.Charge;
import spikemlp.kernel.Current;
import spikemlp.kernel.Firing;
import spikemlp.kernel.Tensor;
import spikemlp.neuron.LifNeuron;

/** A layer of LIF neurons over T: spikes {@code [B, T, M]} from the charge it is given. */
public final class SpikingLayer {

  private final Execution execution;
  private final String name;
  private final LifNeuron neuron;
  private final Charge charge;
  private final Firing firing;
  private final Tensor potentials;

  /**
   * @param name the canonical name
   * @param charge how z arises
   * @param normalised where the normalised input is kept, before skips join, if a later skip needs
   *     it
   */
  public SpikingLayer(
      Execution execution,
      String name,
      LifNeuron neuron,
      Charge charge,
      Optional<Tensor> normalised) {
    this.execution = execution;
    this.name = name;
    this.neuron = neuron;
    this.charge = charge;
    long size = (long) execution.batch() * charge.timeSteps() * charge.neurons();
    Tensor spikes = execution.buffer(size);
    if (execution.training()) {
      this.potentials = execution.buffer(size);
      this.firing = new Firing(neuron, normalised, Optional.of(potentials), spikes);
    } else {
      this.potentials = execution.buffer(0);
      this.firing = new Firing(neuron, normalised, Optional.empty(), spikes);
    }
  }

  /** The charge of neurons that a state flows into as it is. */
  public static Charge identity(Execution execution, Current state, int timeSteps, int neurons) {
    int period = BatchNorm.period(1, neurons);
    Tensor ones = execution.buffer(period);
    for (int p = 0; p < period; p++) {
      ones.set(p, 1);
    }
    return new Charge(timeSteps, neurons, state, ones, execution.buffer(period), period, List.of());
  }

  public String name() {
    return name;
  }

  public Tensor spikes() {
    return firing.spikes();
  }

  /** Charges, fires and resets this slice's samples. */
  public void forward(int slice) {
    for (int b = execution.firstSample(slice); b < execution.firstSample(slice + 1); b++) {
      if (execution.training()) {
        execution.kernels().fire(charge, firing, b);
      } else {
        execution.kernels().fireFolded(charge, firing, b);
      }
    }
  }

  /** Turns δs into δz in place. */
  public void backward(int slice, Tensor gradient) {
    for (int b = execution.firstSample(slice); b < execution.firstSample(slice + 1); b++) {
      execution
          .kernels()
          .fireBackward(neuron, potentials, gradient, charge.timeSteps(), charge.neurons(), b);
    }
  }

  /** How many spikes a sample fired, over T. */
  public long count(int sample) {
    long size = (long) charge.timeSteps() * charge.neurons();
    return execution.kernels().count(spikes(), sample * size, size);
  }

  /** Spikes of a sample weighted by their token's count of windows, over T. */
  public long countWindows(int sample, int channels, long[] rows, long[] columns) {
    long sum = 0;
    long at = (long) sample * charge.timeSteps() * charge.neurons();
    for (int t = 0; t < charge.timeSteps(); t++) {
      for (long row : rows) {
        for (long column : columns) {
          sum += row * column * execution.kernels().count(spikes(), at, channels);
          at += channels;
        }
      }
    }
    return sum;
  }
}
