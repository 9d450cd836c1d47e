package spikemlp.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessResourceFailureException;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.job.Augmentation;
import spikemlp.contract.job.TrainingPlan;
import spikemlp.contract.network.Loss;
import spikemlp.contract.network.NetworkConfig;

class FailureReasonTest {

  private static final PreparedJob JOB =
      new PreparedJob(
          NetworkConfig.of(32, 32, 4, 48, List.of(2, 2), 10),
          new TrainingPlan(1, 64, 0.1, 0.9, 0, Loss.MEAN, 0, Augmentation.NONE, 1),
          InputSpec.unnormalised(32, 32, InputSpec.Fit.COVER),
          List.of("a", "b"),
          "drawn",
          "00",
          64,
          40,
          List.of());

  @TempDir Path work;

  private String of(Throwable failure) {
    return FailureReason.of(failure, Optional.empty(), work);
  }

  @Test
  void aFullDiskIsNamedWithWhatIsFreeThereAndWhatTheJobNeeds() {
    Throwable full = catchThrowable(() -> Files.write(Path.of("/dev/full"), new byte[1]));
    assertThat(FailureReason.of(new IllegalStateException(full), Optional.of(JOB), work))
        .contains("disk of " + work + " is full")
        .containsPattern("[0-9.]+ MB are free there")
        .containsPattern("the job needs about [1-9][0-9]* MB")
        .doesNotContain("/dev/full");
    assertThat(of(new FileSystemException("/var/a", null, "No space left on device")))
        .contains("disk of " + work + " is full", "free space there");
  }

  @Test
  void memoryThatRanOutSaysWhatToLower() {
    assertThat(of(new IllegalStateException(new OutOfMemoryError("native"))))
        .contains("memory ran out", "training.batchSize");
  }

  @Test
  void theProductsOwnExceptionsSpeakForThemselvesAndOthersStayInTheLog() {
    assertThat(of(new IllegalStateException(new LeaseLostException("7")))).contains("job 7");
    assertThat(of(new IllegalStateException("select secret from table")))
        .doesNotContain("secret")
        .contains("log names the reason");
  }

  @Test
  void aDatabaseThatDoesNotAnswerIsAnInterruptionNotAFailure() {
    assertThat(
            FailureReason.isDatabaseOutage(
                new IllegalStateException(
                    new DataAccessResourceFailureException("gone", new SQLException()))))
        .isTrue();
    assertThat(FailureReason.isDatabaseOutage(new IllegalStateException("other"))).isFalse();
  }
}
