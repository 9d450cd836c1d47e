package spikemlp.contract.study;

/**
 * What a completed run came to, on the test images.
 *
 * @param accuracy in [0, 1]
 * @param energyPicojoules of a mean sample by the paper's model; an estimate
 * @param firingRate spikes per neuron and time step over all neurons of the network, in [0, 1]
 * @param synapticAdditions of a mean sample over its T time steps
 * @param imageSteps images × T over the training
 * @param imageStepsInAll the same with the trainings that it inherits from
 * @param parameters trainable numbers
 * @param trainSeconds time spent in step train
 */
public record RunResults(
    double accuracy,
    double energyPicojoules,
    double firingRate,
    double synapticAdditions,
    long imageSteps,
    long imageStepsInAll,
    long parameters,
    double trainSeconds) {

  /** The same after trainings of so many image-steps. */
  public RunResults after(long inheritedSteps) {
    return new RunResults(
        accuracy,
        energyPicojoules,
        firingRate,
        synapticAdditions,
        imageSteps,
        imageSteps + inheritedSteps,
        parameters,
        trainSeconds);
  }
}
