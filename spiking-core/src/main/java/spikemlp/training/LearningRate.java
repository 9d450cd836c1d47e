package spikemlp.training;

import spikemlp.contract.job.LearningRateSchedule;
import spikemlp.contract.job.TrainingPlan;

/**
 * The learning rate η over a run of n steps, w of them warm-up, e epochs being done at step i:
 *
 * <pre>
 * COSINE:    η/2·(1 + cos(π·(i − w)/(n − w)))
 * STEP:      η·γᵏ, k the milestones ≤ e, or ⌊e / everyEpochs⌋
 * CONSTANT:  η
 * warm-up:   η·(i + 1)/(w + 1) while i &lt; w; of STEP times its γᵏ
 * </pre>
 *
 * @param peak η
 * @param schedule which
 * @param perEpoch steps an epoch
 * @param steps n
 */
record LearningRate(double peak, LearningRateSchedule schedule, long perEpoch, long steps) {

  static LearningRate of(TrainingPlan plan, long perEpoch) {
    return new LearningRate(
        plan.learningRate(), plan.optimisation().schedule(), perEpoch, perEpoch * plan.epochs());
  }

  /** The learning rate of a step, from 0; after the last too. */
  double at(long step) {
    long warmup = Math.round(schedule.warmupEpochs() * perEpoch);
    if (step < warmup) {
      return falling(step) * (step + 1) / (warmup + 1);
    }
    return switch (schedule.kind()) {
      case COSINE -> peak / 2 * (1 + Math.cos(Math.PI * (step - warmup) / (steps - warmup)));
      case STEP, CONSTANT -> falling(step);
    };
  }

  /** η·γᵏ; η where the schedule has no milestones. */
  private double falling(long step) {
    long epoch = step / perEpoch;
    long passed =
        schedule.everyEpochs() > 0
            ? epoch / schedule.everyEpochs()
            : schedule.milestones().stream().filter(milestone -> milestone <= epoch).count();
    return passed == 0 ? peak : peak * StrictMath.pow(schedule.factor(), (double) passed);
  }
}
