package spikemlp.kernel;

/**
 * δY {@code [R, O]} of some rows of a layer, as one thread makes it ({@link
 * Kernels#outputGradient}) and hands it to the products of the layer's backward. It is that
 * thread's, until it makes the next.
 */
public interface OutputGradient {

  /** Rows at a time in a layer's backward: their gradient stays in the second-level cache. */
  int ROWS = 256;
}
