package spikemlp.layer;

import java.util.Optional;
import spikemlp.kernel.Charge;
import spikemlp.kernel.PotentialUpdates;
import spikemlp.kernel.Spikes;
import spikemlp.kernel.Tensor;
import spikemlp.neuron.LifNeuron;

/**
 * A layer of LIF neurons over T: spikes {@code [B, T, N, C]} from the charge it is given. Of the
 * forward pass it keeps the spikes alone; backward computes the potentials again.
 */
public final class SpikingLayer {

  private final Execution execution;
  private final String name;
  private final LifNeuron neuron;
  private final Charge charge;
  private final Optional<BatchNorm> norm;
  private final Spikes spikes;

  /**
   * @param name the canonical name
   * @param charge how z arises
   * @param norm of the charge's input, whose gradient sums backward makes on its way
   */
  SpikingLayer(
      Execution execution, String name, LifNeuron neuron, Charge charge, Optional<BatchNorm> norm) {
    this.execution = execution;
    this.name = name;
    this.neuron = neuron;
    this.charge = charge;
    this.norm = norm;
    this.spikes = execution.kernels().spikes(rows() * execution.batch(), 1, charge.width());
  }

  public String name() {
    return name;
  }

  public Spikes spikes() {
    return spikes;
  }

  /** Rows a sample. */
  private long rows() {
    return (long) charge.timeSteps() * charge.tokens();
  }

  /** Charges, fires and resets a sample's neurons. */
  public void forward(int sample) {
    if (execution.training()) {
      execution.kernels().fire(charge, neuron, spikes, sample);
    } else {
      execution.kernels().fireFolded(charge, neuron, spikes, sample);
    }
  }

  /** Turns a sample's δs into δz in place. */
  public void backward(int sample, Tensor gradient) {
    execution
        .kernels()
        .fireBackward(
            charge,
            neuron,
            gradient,
            sample,
            norm.isPresent() ? norm.get().gradientSums(sample) : Optional.empty());
  }

  /** How many spikes a sample fired, over T. */
  public long count(int sample) {
    return spikes.count(sample * rows(), rows());
  }

  /**
   * How often each neuron of a sample fired over T, {@code [N, C]}; in inference also how many
   * updates changed a potential, {@link PotentialUpdates}.
   */
  public NeuronActivity activity(int sample) {
    int[] counts = new int[charge.neurons()];
    for (int t = 0; t < charge.timeSteps(); t++) {
      long row = sample * rows() + (long) t * charge.tokens();
      for (int j = 0; j < counts.length; j++) {
        counts[j] += (int) spikes.get(row + j / charge.width(), j % charge.width());
      }
    }
    return new NeuronActivity(
        name,
        charge.tokens(),
        charge.width(),
        counts,
        PotentialUpdates.count(execution.kernels(), charge, neuron, sample));
  }

  /** Spikes of a sample weighted by their token's count of windows, over T. */
  public long countWindows(int sample, long[] rowWindows, long[] columnWindows) {
    long sum = 0;
    long at = sample * rows();
    for (int t = 0; t < charge.timeSteps(); t++) {
      for (long row : rowWindows) {
        for (long column : columnWindows) {
          sum += row * column * spikes.count(at++, 1);
        }
      }
    }
    return sum;
  }
}
