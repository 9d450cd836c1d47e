package spikemlp.contract.card;

/**
 * How an exported model compares with the core on held-out images. A version is READY only if
 * {@link #passed()}.
 *
 * @param images images compared
 * @param argmaxAgreements images on which both name the same class
 * @param maxLogitError largest absolute difference of a logit
 * @param spikes spikes the core fired over all images
 * @param differingSpikes Σ |difference| of the spike counts, per sample and neuron layer
 * @param multiplicationFree whether every product but the first layer's has a binary operand
 * @param runtime the engine and its version, such as {@code ONNX Runtime 1.29.0}
 */
public record ExportProof(
    int images,
    int argmaxAgreements,
    double maxLogitError,
    long spikes,
    long differingSpikes,
    boolean multiplicationFree,
    String runtime) {

  /** Spikes that may differ, as a share of all: 1 in 10⁵. */
  public static final double SPIKE_TOLERANCE = 1e-5;

  /** Of a version that was not compared with the core: an imported one. */
  public static final ExportProof NONE = new ExportProof(0, 0, 0, 0, 0, false, "none");

  /** Whether the model was compared at all. */
  public boolean made() {
    return images > 0;
  }

  /** Same class on every image, no more than 1 in 10⁵ spikes different, multiplication-free. */
  public boolean passed() {
    return images > 0
        && argmaxAgreements == images
        && differingSpikes <= SPIKE_TOLERANCE * spikes
        && multiplicationFree;
  }
}
