package spikemlp.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.IntSummaryStatistics;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import spikemlp.contract.image.ImagePreparation;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.image.InputSpec.Fit;

/** Reads the data kept beside the repository, where it is. */
class SharedDataTest {

  private static final Path PHOTOGRAPHS = Path.of("../../shared/data/photographs");
  private static final Path CIFAR = Path.of("../../shared/data/cifar10-jpg.zip");

  @Test
  void loadsCifarTenFromAZipOfClassFolders() {
    assumeTrue(Files.exists(CIFAR), () -> "skipped: there is no " + CIFAR);
    long begin = System.nanoTime();
    DataSource source = DataSources.open(CIFAR);
    assertThat(source.labels()).hasSize(10).startsWith("airplane").endsWith("truck");
    assertThat(source.height()).isEqualTo(32);
    assertThat(source.width()).isEqualTo(32);
    DataSplit split = source.load(32, 32, Fit.COVER, 1);
    System.out.printf("CIFAR-10 zip read in %.1f s%n", (System.nanoTime() - begin) / 1e9);
    assertThat(split.train().size()).isEqualTo(50_000);
    assertThat(split.test().size()).isEqualTo(10_000);
    assertThat(split.skipped()).isEmpty();
    ChannelStatistics statistics = split.train().channelStatistics();
    assertThat(statistics.mean().get(0)).isBetween(0.485, 0.497);
    assertThat(statistics.mean().get(2)).isBetween(0.440, 0.452);
    assertThat(statistics.std().get(1)).isBetween(0.238, 0.249);
  }

  @Test
  void preparesPhotographsToTheUsualSize() throws IOException {
    assumeTrue(Files.isDirectory(PHOTOGRAPHS), () -> "skipped: there is no " + PHOTOGRAPHS);
    ImagePreparation preparation =
        new ImagePreparation(InputSpec.unnormalised(224, 224, Fit.COVER));
    try (Stream<Path> photographs = Files.list(PHOTOGRAPHS)) {
      assertThat(photographs.filter(file -> file.toString().endsWith(".JPEG")))
          .hasSize(40)
          .allSatisfy(file -> {
            byte[] pixels = preparation.pixels(Files.readAllBytes(file));
            IntSummaryStatistics values =
                IntStream.range(0, pixels.length).map(i -> pixels[i] & 0xFF).summaryStatistics();
            assertThat(values.getCount()).isEqualTo(3 * 224 * 224);
            assertThat(values.getAverage()).isBetween(20.0, 240.0);
            assertThat(values.getMax() - values.getMin()).isGreaterThan(100);
          });
    }
  }
}
