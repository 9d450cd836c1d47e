package spikemlp.contract.job;

/**
 * How gradients change the weights. Neither lets weight decay act on a bias or on a batch
 * normalisation's γ and β.
 */
public enum Optimizer {
  /** Stochastic gradient descent with momentum; weight decay is added to the gradient. */
  SGD(0.1, 0),
  /**
   * Adam with decoupled weight decay: the momentum is β₁, β₂ = 0.999, ε = 1e-8.
   *
   * @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov and Hutter, 2019</a>
   */
  ADAMW(0.001, 0.01);

  private final double usualLearningRate;
  private final double usualWeightDecay;

  Optimizer(double usualLearningRate, double usualWeightDecay) {
    this.usualLearningRate = usualLearningRate;
    this.usualWeightDecay = usualWeightDecay;
  }

  /** The learning rate of a training that names none. */
  public double usualLearningRate() {
    return usualLearningRate;
  }

  /** The weight decay of a training that names none. */
  public double usualWeightDecay() {
    return usualWeightDecay;
  }
}
