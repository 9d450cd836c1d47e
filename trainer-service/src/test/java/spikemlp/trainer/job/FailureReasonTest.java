package spikemlp.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;

class FailureReasonTest {

  private static String of(Throwable failure) {
    return FailureReason.of(failure, Optional.empty());
  }

  @Test
  void aFullDiskIsNamedWithoutItsPlace() {
    Throwable full =
        new IllegalStateException(
            new FileSystemException("/var/work/checkpoint", null, "No space left on device"));
    assertThat(of(full)).contains("disk", "full", "free space").doesNotContain("/var");
    assertThat(of(new IOException("No space left on device"))).contains("disk", "full");
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
