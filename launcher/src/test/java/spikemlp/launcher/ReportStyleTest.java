package spikemlp.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import spikemlp.report.ReportStyle;

class ReportStyleTest {

  @Test
  void theFrontDoorsPolicyAllowsTheStyleOfReports() throws IOException {
    try (InputStream list = ReportStyleTest.class.getResourceAsStream("/report-styles.txt")) {
      String hashes = new String(Objects.requireNonNull(list).readAllBytes(), UTF_8);
      assertThat(hashes.lines())
          .as("add the new hash at the top of report-styles.txt; old reports need the old ones")
          .contains(ReportStyle.hash());
    }
  }
}
