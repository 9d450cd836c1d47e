package spikemlp.neurobench;

/**
 * NeuroBench's algorithm metrics of a network in inference, with folded weights. Operations and
 * updates are means of a sample over its T time steps.
 *
 * @param samples images that the network ran on
 * @param footprintBytes weights and biases of inference, 32 bits each
 * @param learntFootprintBytes what a checkpoint holds: learnt numbers and running statistics
 * @param connectionSparsity weights of products that are zero, over all, in [0, 1]
 * @param activationSparsity neurons and steps without a spike, over all, in [0, 1]
 * @param synapticOperations without biases and normalisation
 * @param membraneUpdates updates that changed a potential, each neuron's first counted always
 */
public record NeuroBenchMetrics(
    int samples,
    long footprintBytes,
    long learntFootprintBytes,
    double connectionSparsity,
    double activationSparsity,
    SynapticOperations synapticOperations,
    double membraneUpdates) {

  /**
   * Products of an input and a weight.
   *
   * @param dense all of them, zeros included
   * @param effectiveMacs of the image's numbers that are not zero with weights that are not
   * @param effectiveAcs of spikes with weights that are not zero
   */
  public record SynapticOperations(double dense, double effectiveMacs, double effectiveAcs) {}
}
