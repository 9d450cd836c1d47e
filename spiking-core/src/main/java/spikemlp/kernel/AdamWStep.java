package spikemlp.kernel;

/**
 * The numbers of one AdamW step, the same for all weights that decay alike.
 *
 * <pre>
 * m = β₁·m + (1 − β₁)·g          m̂ = m / (1 − β₁ᵗ)
 * v = β₂·v + (1 − β₂)·g²         v̂ = v / (1 − β₂ᵗ)
 * w = w − η·λ·w − η·m̂ / (√v̂ + ε)
 * </pre>
 *
 * @param beta1 β₁
 * @param beta2 β₂
 * @param epsilon ε
 * @param keep 1 − η·λ
 * @param stepSize η / (1 − β₁ᵗ)
 * @param rootCorrection √(1 − β₂ᵗ)
 * @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov and Hutter, 2019, algorithm 2</a>
 */
public record AdamWStep(
    double beta1,
    double beta2,
    double epsilon,
    double keep,
    double stepSize,
    double rootCorrection) {

  /**
   * The step number {@code t}, from 1.
   *
   * @param learningRate η
   * @param weightDecay λ
   */
  public static AdamWStep of(
      double beta1, double beta2, double epsilon, double learningRate, double weightDecay, long t) {
    // StrictMath: a resumed run may be on another machine
    return new AdamWStep(
        beta1,
        beta2,
        epsilon,
        1 - learningRate * weightDecay,
        learningRate / (1 - StrictMath.pow(beta1, (double) t)),
        Math.sqrt(1 - StrictMath.pow(beta2, (double) t)));
  }
}
