package spikemlp.estimate;

import java.util.List;
import spikemlp.contract.card.ProductShape;
import spikemlp.contract.card.Topology;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.network.TrainingMemory;

/**
 * Bytes that a network takes.
 *
 * @param weightBytes weights and biases of inference, 32 bits each
 * @param int8WeightBytes the same with weights of 8 bits and biases of 32
 * @param potentialBytes one 32-bit potential a neuron
 * @param spikeBytes one bit a neuron, of one time step
 * @param annActivationBytes one 32-bit activation a neuron, of the artificial network
 * @param batchSize images a training step
 * @param trainingBytes what training takes with such steps, here
 */
public record MemoryEstimate(
    long weightBytes,
    long int8WeightBytes,
    long potentialBytes,
    long spikeBytes,
    long annActivationBytes,
    int batchSize,
    TrainingBytes trainingBytes) {

  /** What training takes outside and inside the Java heap. */
  public record TrainingBytes(long nativeBytes, long heapBytes, long total) {}

  static MemoryEstimate of(
      NetworkConfig config, List<ProductShape> shapes, Topology topology, int batchSize) {
    if (batchSize < 1) {
      throw new IllegalArgumentException("a batch has 1 image or more, not " + batchSize);
    }
    long weights = shapes.stream().mapToLong(ProductShape::weights).sum();
    long biases = shapes.stream().mapToLong(ProductShape::features).sum();
    long neurons = topology.neuronCount();
    TrainingMemory training = TrainingMemory.of(config, List.of(batchSize));
    return new MemoryEstimate(
        Float.BYTES * (weights + biases),
        weights + Integer.BYTES * biases,
        Float.BYTES * neurons,
        Math.ceilDiv(neurons, Byte.SIZE),
        Float.BYTES * neurons,
        batchSize,
        new TrainingBytes(training.nativeBytes(), training.heapBytes(), training.bytes()));
  }
}
