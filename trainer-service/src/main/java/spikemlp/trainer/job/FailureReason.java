package spikemlp.trainer.job;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import spikemlp.contract.job.TrainingPlan;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.network.SpikingMlp;
import spikemlp.trainer.registration.RegistryException;

/**
 * Why a job failed, in words for its owner: what was wrong, with which value, and what would be
 * right. What is no owner's business (SQL, stack traces, places but the work directory) goes to the
 * log alone.
 */
final class FailureReason {

  private static final Logger log = LoggerFactory.getLogger(FailureReason.class);
  private static final String OWN_CODE = "spikemlp.";
  private static final String NO_SPACE = "No space left on device";

  private FailureReason() {}

  /** Whether the database was the cause: the job is then not failed but interrupted. */
  static boolean isDatabaseOutage(Throwable failure) {
    return causes(failure).stream()
        .anyMatch(cause ->
            cause instanceof SQLException
                || cause instanceof DataAccessException
                || cause instanceof TransactionException);
  }

  /** The reason to show. */
  static String of(Throwable failure, Optional<PreparedJob> job, Path workDirectory) {
    List<Throwable> causes = causes(failure);
    for (Throwable cause : causes) {
      if (cause instanceof OutOfMemoryError) {
        return outOfMemory(job);
      }
      if (cause instanceof RegistryException) {
        return String.valueOf(cause.getMessage()); // not the broken connection that caused it
      }
      if (cause instanceof IOException io) {
        return files(io, job, workDirectory);
      }
    }
    for (Throwable cause : causes) {
      String message = cause.getMessage();
      if (message != null && isOwn(cause)) {
        return message;
      }
    }
    String id = UUID.randomUUID().toString();
    log.error("job failed, reason {}", id, failure);
    return "the trainer failed; its log names the reason under the id " + id;
  }

  private static List<Throwable> causes(Throwable failure) {
    List<Throwable> causes = new ArrayList<>();
    for (Throwable cause = failure;
        cause != null && !causes.contains(cause);
        cause = cause.getCause()) {
      causes.add(cause);
    }
    return causes;
  }

  /** An exception of this product's own, or a standard one that this product's code threw. */
  private static boolean isOwn(Throwable cause) {
    if (cause.getClass().getName().startsWith(OWN_CODE)) {
      return true;
    }
    StackTraceElement[] trace = cause.getStackTrace();
    return cause instanceof IllegalArgumentException
        && trace.length > 0
        && trace[0].getClassName().startsWith(OWN_CODE);
  }

  private static String outOfMemory(Optional<PreparedJob> job) {
    return "memory ran out"
        + job.map(FailureReason::size).orElse("")
        + "; lower training.batchSize, network.timeSteps, the image's size or"
        + " network.embeddingDim";
  }

  private static String size(PreparedJob job) {
    NetworkConfig network = job.network();
    TrainingPlan plan = job.plan();
    return " with batchSize "
        + plan.batchSize()
        + ", timeSteps "
        + network.timeSteps()
        + ", images of "
        + network.imageHeight()
        + "×"
        + network.imageWidth()
        + " and embeddingDim "
        + network.embeddingDim();
  }

  private static String files(IOException failure, Optional<PreparedJob> job, Path workDirectory) {
    String reason =
        switch (failure) {
          case NoSuchFileException missing -> "a file is missing";
          case FileSystemException file ->
              file.getReason() == null ? file.getClass().getSimpleName() : file.getReason();
          default -> String.valueOf(failure.getMessage());
        };
    if (reason.contains(NO_SPACE)) {
      return "the disk of "
          + workDirectory
          + " is full: "
          + free(workDirectory)
          + job.map(FailureReason::need).orElse("")
          + "; free space there and submit the job again";
    }
    return "a file of the job could not be written or read ("
        + reason
        + "); see to the trainer's work directory and submit the job again";
  }

  private static String free(Path directory) {
    try {
      return "%.1f MB are free there"
          .formatted(Files.getFileStore(directory).getUsableSpace() / 1e6);
    } catch (IOException e) {
      return "how much is free there cannot be read";
    }
  }

  /** Two checkpoints of weights and momentum at a time, then one and the exported weights. */
  private static String need(PreparedJob job) {
    double bytes = 4.0 * Float.BYTES * SpikingMlp.parameterCount(job.network());
    return ", the job needs about %.0f MB".formatted(Math.ceil(bytes / 1e6));
  }
}
