package spikemlp.trainer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class DataSetPropertiesTest {

  private static final String PREFIX = "spikemlp.trainer.datasets";

  @Test
  void nothingNeedsToBeSet() {
    assertThat(bind(Map.of()))
        .isEqualTo(
            new DataSetProperties(
                null,
                DataSize.ofGigabytes(4),
                DataSize.ofGigabytes(20),
                90_000,
                200,
                100,
                DataSize.ofMegabytes(256),
                2));
  }

  @Test
  void everySettingHasItsName() {
    assertThat(
            bind(
                Map.of(
                    PREFIX + ".directory", "/sets",
                    PREFIX + ".max-size", "1MB",
                    PREFIX + ".max-unpacked", "2MB",
                    PREFIX + ".max-entries", "3",
                    PREFIX + ".max-ratio", "4",
                    PREFIX + ".max-bad-images", "5",
                    PREFIX + ".minimum-free-space", "6MB",
                    PREFIX + ".concurrent-uploads", "7")))
        .isEqualTo(
            new DataSetProperties(
                Path.of("/sets"),
                DataSize.ofMegabytes(1),
                DataSize.ofMegabytes(2),
                3,
                4,
                5,
                DataSize.ofMegabytes(6),
                7));
  }

  @Test
  void sizesThatCannotBeAreRefusedByName() {
    for (String wrong : List.of("max-size=0B", "max-unpacked=-1MB", "minimum-free-space=-1B")) {
      String[] setting = wrong.split("=");
      assertThatThrownBy(() -> bind(Map.of(PREFIX + "." + setting[0], setting[1])))
          .isInstanceOf(BindException.class)
          .rootCause()
          .hasMessageContaining(PREFIX + "." + setting[0]);
    }
  }

  private static DataSetProperties bind(Map<String, String> settings) {
    return new Binder(new MapConfigurationPropertySource(settings))
        .bindOrCreate(PREFIX, DataSetProperties.class);
  }
}
