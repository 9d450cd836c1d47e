package spikemlp.contract.job;

/**
 * Pictures of a mini-batch mixed in pairs, their labels in the same measure, which is drawn from
 * Beta(alpha, alpha) once a batch. Mixup (Zhang et al., "mixup: Beyond Empirical Risk
 * Minimization", 2018) adds the pictures up; CutMix (Yun et al., "CutMix: Regularization Strategy
 * to Train Strong Classifiers with Localizable Features", 2019) pastes a rectangle.
 *
 * @param mixupAlpha in [0, 100]; 0 for no mixup
 * @param cutmixAlpha in [0, 100]; 0 for no CutMix
 * @param cutmixProbability of CutMix where both are on, in [0, 1]
 */
public record Mixing(double mixupAlpha, double cutmixAlpha, double cutmixProbability) {

  public static final Mixing OFF = of(0, 0);

  public Mixing {
    new Ranges()
        .within("mixupAlpha", mixupAlpha, 0, 100)
        .within("cutmixAlpha", cutmixAlpha, 0, 100)
        .within("cutmixProbability", cutmixProbability, 0, 1)
        .check();
  }

  /** Each batch by one or the other, equally often where both are on. */
  public static Mixing of(double mixupAlpha, double cutmixAlpha) {
    return new Mixing(mixupAlpha, cutmixAlpha, 0.5);
  }

  /** Whether batches are mixed, so that their targets are soft. */
  public boolean on() {
    return mixupAlpha > 0 || cutmixAlpha > 0;
  }
}
