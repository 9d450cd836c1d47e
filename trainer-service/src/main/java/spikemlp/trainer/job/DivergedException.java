package spikemlp.trainer.job;

import spikemlp.checkpoint.WeightTensor;
import spikemlp.network.SpikingMlp;

/** Training went off: the weights or the loss are beyond any sense. */
final class DivergedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** A loss this many times that of guessing, ln K, is not on its way down. */
  private static final double FAR_ABOVE_GUESSING = 20;

  private DivergedException(String message) {
    super(message + "; lower training.learningRate (0.1 is usual)");
  }

  /** Refuses weights that are no numbers. */
  static void requireFinite(SpikingMlp network, long batches, double learningRate) {
    network.weights().forEach((name, tensor) -> requireFinite(name, tensor, batches, learningRate));
  }

  private static void requireFinite(
      String name, WeightTensor tensor, long batches, double learningRate) {
    for (float value : tensor.values()) {
      if (!Float.isFinite(value)) {
        throw new DivergedException(
            "training diverged: after mini-batch %d, at learning rate %s, %s holds %s"
                .formatted(batches, learningRate, name, value));
      }
    }
  }

  /** Refuses an epoch's mean loss far above that of guessing. */
  static void requireSensible(double loss, int classes, int epoch, double startingRate) {
    double guessing = Math.log(classes);
    if (!(loss <= FAR_ABOVE_GUESSING * Math.max(1, guessing))) {
      throw new DivergedException(
          "training diverged: the mean loss of epoch %d is %.3g where guessing among %d classes has %.2f, with learning rate %s"
              .formatted(epoch, loss, classes, guessing, startingRate));
    }
  }
}
