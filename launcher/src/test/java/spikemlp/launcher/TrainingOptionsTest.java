package spikemlp.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import spikemlp.contract.job.AugmentationSpec;
import spikemlp.contract.job.LearningRateSchedule.Kind;
import spikemlp.contract.job.Optimizer;
import spikemlp.contract.job.ScheduleSpec;
import spikemlp.contract.job.TrainingSpec;

class TrainingOptionsTest {

  private static TrainingSpec parse(String... arguments) {
    return CommandLine.populateCommand(new TrainingOptions(), arguments).spec();
  }

  @Test
  void whatIsNotGivenIsLeftToTheTrainer() {
    assertThat(parse()).isEqualTo(TrainingSpec.DEFAULT);
  }

  @Test
  void everyPartOfAnOptimisationHasItsOption() {
    assertThat(
            parse(
                ("--recipe strong --optimizer ADAMW --lr 0.002 --momentum 0.8 --weight-decay 0.05"
                        + " --schedule STEP --warmup-epochs 0.5 --milestones 2,4 --step-factor 0.3"
                        + " --gradient-clip 1 --label-smoothing 0.2 --ema-decay 0.99 --augmentation strong-small")
                    .split(" ")))
        .isEqualTo(
            new TrainingSpec(
                null,
                null,
                0.002,
                0.8,
                0.05,
                null,
                null,
                null,
                null,
                null,
                "strong",
                Optimizer.ADAMW,
                new ScheduleSpec(Kind.STEP, 0.5, List.of(2, 4), null, 0.3),
                1.0,
                0.2,
                0.99,
                new AugmentationSpec("strong-small", null, null, null, null, null)));
    assertThat(parse("--step-every", "3").schedule())
        .isEqualTo(new ScheduleSpec(null, null, null, 3, null));
  }
}
