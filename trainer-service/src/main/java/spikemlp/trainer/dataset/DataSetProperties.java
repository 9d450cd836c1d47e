package spikemlp.trainer.dataset;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The settings of uploaded data sets, {@code spikemlp.trainer.datasets.*}.
 *
 * @param directory where the archives are kept; absent for {@code datasets} below the work
 *     directory. Trainers that share a database share it
 * @param maxSize the largest archive
 * @param maxUnpacked the most bytes that its entries together may unpack to
 * @param maxEntries the most entries, folders included
 * @param maxRatio how many times its packed size an entry of more than a megabyte, or all together,
 *     may have
 * @param maxBadImages the most pictures that cannot be read; training besides bears one in a
 *     hundred, and one at least
 * @param minimumFreeSpace an upload that would leave less on the disk is refused
 * @param concurrentUploads uploads received and checked at the same time
 */
@Validated
@ConfigurationProperties("spikemlp.trainer.datasets")
public record DataSetProperties(
    @Nullable Path directory,
    @DefaultValue("4GB") DataSize maxSize,
    @DefaultValue("20GB") DataSize maxUnpacked,
    @DefaultValue("90000") @Min(1) @Max(5_000_000) int maxEntries,
    @DefaultValue("200") @Min(1) @Max(200) int maxRatio,
    @DefaultValue("100") @Min(0) @Max(100) int maxBadImages,
    @DefaultValue("256MB") DataSize minimumFreeSpace,
    @DefaultValue("2") @Min(1) @Max(64) int concurrentUploads) {

  public DataSetProperties {
    requirePositive("max-size", maxSize);
    requirePositive("max-unpacked", maxUnpacked);
    if (minimumFreeSpace.isNegative()) {
      throw new IllegalArgumentException(
          "spikemlp.trainer.datasets.minimum-free-space = "
              + minimumFreeSpace
              + ": must not be negative, such as 256MB");
    }
  }

  private static void requirePositive(String name, DataSize size) {
    if (size.toBytes() < 1) {
      throw new IllegalArgumentException(
          "spikemlp.trainer.datasets."
              + name
              + " = "
              + size
              + ": must be at least one byte, such as 4GB");
    }
  }
}
