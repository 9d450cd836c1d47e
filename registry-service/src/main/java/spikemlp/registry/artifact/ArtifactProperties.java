package spikemlp.registry.artifact;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Where artifacts lie and how large they may be.
 *
 * @param artifactDirectory the store's own directory; made if absent
 * @param maxArtifactSize the largest upload
 * @param minimumFreeSpace an upload that would leave less free is refused before it begins
 */
@ConfigurationProperties("spikemlp.registry")
public record ArtifactProperties(
    Path artifactDirectory,
    @DefaultValue("1GB") DataSize maxArtifactSize,
    @DefaultValue("64MB") DataSize minimumFreeSpace) {

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
  }
}
