package spikemlp.benchmark.libtorch;

import org.bytedeco.pytorch.Tensor;

/**
 * A stage's patch state h as rows, of T steps or of one that stands for all of them.
 *
 * @param rows {@code [T·r, C]}, or {@code [r, C]} if constant
 * @param constant whether every step is the same
 * @param timeSteps T
 */
record State(Tensor rows, boolean constant, int timeSteps) {

  /** Adds h to rows of all steps, in place. */
  void addTo(Tensor z) {
    if (constant) {
      z.view(timeSteps, rows.size(0), rows.size(1)).add_(rows);
    } else {
      z.add_(rows);
    }
  }

  /** A copy for all steps. */
  Tensor copy() {
    return constant ? rows.repeat(timeSteps, 1) : rows.clone();
  }
}
