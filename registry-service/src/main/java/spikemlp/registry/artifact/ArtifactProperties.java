package spikemlp.registry.artifact;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Where artifacts lie, how large they may be, and how long what nobody refers to is kept.
 *
 * @param artifactDirectory the store's own directory; made if absent
 * @param maxArtifactSize the largest upload
 * @param minimumFreeSpace an upload that would leave less free is refused before it begins
 * @param artifactGrace how long an artifact that no version refers to is kept after it was last
 *     uploaded or asked for
 * @param uploadExpiry how long a resumable upload waits for its next part
 * @param maxOpenUploads resumable uploads that may be open at the same time
 */
@ConfigurationProperties("spikemlp.registry")
public record ArtifactProperties(
    Path artifactDirectory,
    @DefaultValue("1GB") DataSize maxArtifactSize,
    @DefaultValue("64MB") DataSize minimumFreeSpace,
    @DefaultValue("24h") Duration artifactGrace,
    @DefaultValue("24h") Duration uploadExpiry,
    @DefaultValue("64") int maxOpenUploads) {

  public ArtifactProperties {
    if (maxArtifactSize.toBytes() < 1) {
      throw new IllegalArgumentException(
          "spikemlp.registry.max-artifact-size = "
              + maxArtifactSize
              + ": must be at least one byte, such as 1GB");
    }
    if (minimumFreeSpace.toBytes() < 0) {
      throw new IllegalArgumentException(
          "spikemlp.registry.minimum-free-space = "
              + minimumFreeSpace
              + ": must not be negative, such as 64MB");
    }
    if (artifactGrace.isNegative()) {
      throw new IllegalArgumentException(
          "spikemlp.registry.artifact-grace = "
              + artifactGrace
              + ": must not be negative, such as 24h");
    }
    if (!uploadExpiry.isPositive()) {
      throw new IllegalArgumentException(
          "spikemlp.registry.upload-expiry = " + uploadExpiry + ": must be positive, such as 24h");
    }
    if (maxOpenUploads < 1) {
      throw new IllegalArgumentException(
          "spikemlp.registry.max-open-uploads = " + maxOpenUploads + ": must be at least 1");
    }
  }
}
