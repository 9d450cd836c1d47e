package spikemlp.contract.card;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a model came from.
 *
 * @param jobId the training job
 * @param dataSet the data set's name
 * @param dataHash SHA-256 over the data set's content, hexadecimal
 * @param seed the job's seed
 * @param createdAt when the model was exported, ISO-8601 in UTC
 * @param software names and versions of what made it, such as {@code nd4j → 1.0.0-M2.1}
 * @param parent the version whose weights training started from; null for one from scratch
 */
public record Provenance(
    String jobId,
    String dataSet,
    String dataHash,
    long seed,
    String createdAt,
    Map<String, String> software,
    @Nullable Parent parent) {

  public Provenance {
    software = Map.copyOf(software);
  }

  /** Of a model trained from scratch. */
  public Provenance(
      String jobId,
      String dataSet,
      String dataHash,
      long seed,
      String createdAt,
      Map<String, String> software) {
    this(jobId, dataSet, dataHash, seed, createdAt, software, null);
  }
}
