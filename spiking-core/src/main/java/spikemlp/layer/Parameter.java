package spikemlp.layer;

import java.util.function.IntUnaryOperator;

/**
 * Where a named tensor lies.
 *
 * @param name the canonical name
 * @param shape as PyTorch stores it
 * @param trainable whether it is learnt; else it is a running statistic
 * @param offset its first number within the trainable numbers, or within the statistics
 * @param place from an index into the canonical tensor to one from {@code offset} on
 * @param fanIn inputs of one output, for initialisation; 0 for batch normalisation's
 */
public record Parameter(
    String name, int[] shape, boolean trainable, long offset, IntUnaryOperator place, int fanIn) {

  public int size() {
    int size = 1;
    for (int axis : shape) {
      size *= axis;
    }
    return size;
  }

  /**
   * Whether weight decay acts on it: on the matrices of products, not on a bias, nor on a batch
   * normalisation's γ and β.
   */
  public boolean decays() {
    return trainable && shape.length > 1;
  }
}
