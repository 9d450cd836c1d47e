package spikemlp.network;

import java.util.List;
import spikemlp.contract.job.Optimisation;
import spikemlp.contract.job.TrainingPlan;
import spikemlp.kernel.AdamWStep;
import spikemlp.kernel.Kernels;
import spikemlp.kernel.Tensor;
import spikemlp.layer.Parameters;

/**
 * Changes a network's weights by its gradients, as a plan says: clips the gradients, then takes a
 * step of SGD or AdamW. Weight decay acts on the matrices of products alone.
 *
 * <p>The moments lie in the network's parameters; all else follows from a step's number. Used by
 * the thread that trains the network.
 */
public final class Optimiser {

  private static final double BETA_2 = 0.999;
  private static final double EPSILON = 1e-8;

  private final SpikingMlp network;
  private final Optimisation how;
  private final double momentum;
  private final double weightDecay;
  private final List<Parameters.Range> ranges;

  public Optimiser(SpikingMlp network, TrainingPlan plan) {
    this.network = network;
    this.how = plan.optimisation();
    this.momentum = plan.momentum();
    this.weightDecay = plan.weightDecay();
    Parameters parameters = network.parameters();
    this.ranges =
        weightDecay == 0
            ? List.of(new Parameters.Range(0, parameters.trainable(), false))
            : parameters.ranges();
  }

  /**
   * One step on the gradients, which clipping changes.
   *
   * @param learningRate η
   * @param number the step's, from 1
   */
  public void step(double learningRate, long number) {
    if (how.gradientClip() > 0) {
      clip();
    }
    switch (how.optimizer()) {
      case SGD -> sgd(learningRate);
      case ADAMW -> adamW(learningRate, number);
    }
    network.parameters().changed();
  }

  /** g *= clip/‖g‖ where ‖g‖ > clip, the L2 norm of all gradients together. */
  private void clip() {
    Kernels kernels = network.kernels();
    Tensor gradients = network.parameters().gradients();
    long count = network.parameters().trainable();
    double norm = Math.sqrt(kernels.squaredNorm(gradients, count));
    if (norm > how.gradientClip()) {
      kernels.scale(gradients, count, how.gradientClip() / norm);
    }
  }

  private void sgd(double learningRate) {
    Parameters parameters = network.parameters();
    for (Parameters.Range range : ranges) {
      network
          .kernels()
          .descend(
              parameters.values(),
              parameters.gradients(),
              parameters.momenta(),
              range.offset(),
              range.count(),
              learningRate,
              momentum,
              range.decays() ? weightDecay : 0);
    }
  }

  private void adamW(double learningRate, long number) {
    Parameters parameters = network.parameters();
    AdamWStep decaying = AdamWStep.of(momentum, BETA_2, EPSILON, learningRate, weightDecay, number);
    AdamWStep plain = AdamWStep.of(momentum, BETA_2, EPSILON, learningRate, 0, number);
    for (Parameters.Range range : ranges) {
      network
          .kernels()
          .descendAdamW(
              parameters.values(),
              parameters.gradients(),
              parameters.momenta(),
              parameters.secondMoments(),
              range.offset(),
              range.count(),
              range.decays() ? decaying : plain);
    }
  }
}
