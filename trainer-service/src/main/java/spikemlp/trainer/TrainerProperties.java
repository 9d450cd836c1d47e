package spikemlp.trainer;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The trainer's settings, {@code spikemlp.trainer.*}.
 *
 * @param workDirectory where running jobs keep their checkpoints and exports
 * @param dataRoots directories below which the data sets of {@code path} requests lie
 * @param registryUrl the registry service
 * @param workers jobs trained at the same time by this process; 0 for one that only answers the API
 * @param poll how often an idle worker looks for a job
 * @param lease how long a job stays a silent worker's own before another takes it over
 * @param takeovers how often a job may be taken over without a checkpoint in between
 * @param segmentBatches mini-batches between two checkpoints
 * @param curveImages test images classified after each epoch, at most
 * @param proofImages held-out images that the export is compared on, at most
 * @param maxParameters the largest network accepted
 * @param maxMemory the most memory a job may need by estimate; absent for 80 % of the machine's
 * @param maxNativeMemory the most memory outside the heap that all jobs of this process may hold at
 *     a time; absent for no bound. A job that would go beyond fails, the others go on
 * @param maxRuntime how long any job may run; absent for any time
 * @param maxSubscribers event streams open at the same time
 * @param heartbeat how often an idle event stream sends a comment
 * @param registryAttempts requests to a registry that does not answer before a job fails
 * @param registryDelay pause after the first of them; doubles each time
 * @param stopTimeout how long a shutdown waits for the jobs to save their checkpoints
 */
@Validated
@ConfigurationProperties("spikemlp.trainer")
public record TrainerProperties(
    Path workDirectory,
    @DefaultValue List<Path> dataRoots,
    URI registryUrl,
    @DefaultValue("1") @Min(0) @Max(64) int workers,
    @DefaultValue("1s") Duration poll,
    @DefaultValue("8s") Duration lease,
    @DefaultValue("5") @Min(1) int takeovers,
    @DefaultValue("50") @Min(1) int segmentBatches,
    @DefaultValue("2000") @Min(1) int curveImages,
    @DefaultValue("1000") @Min(1) int proofImages,
    @DefaultValue("100000000") @Min(1) long maxParameters,
    @Nullable DataSize maxMemory,
    @Nullable DataSize maxNativeMemory,
    @Nullable Duration maxRuntime,
    @DefaultValue("256") @Min(1) int maxSubscribers,
    @DefaultValue("15s") Duration heartbeat,
    @DefaultValue("6") @Min(1) int registryAttempts,
    @DefaultValue("1s") Duration registryDelay,
    @DefaultValue("60s") Duration stopTimeout) {

  public TrainerProperties {
    dataRoots = List.copyOf(dataRoots);
  }
}
