package spikemlp.benchmark.events;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import spikemlp.benchmark.Machine;
import spikemlp.benchmark.train.Rounds;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.json.JsonMapper;

/**
 * What readers of its events cost a job that trains.
 *
 * @param machine where
 * @param readers connections, on the same machine
 * @param alone milliseconds a training step without readers, one a round
 * @param followed the same with readers, in turn with {@code alone}
 * @param ratio median of the rounds' ratios, followed over alone
 * @param eventsPerSecond received, over all readers
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record EventsReport(
    Machine machine,
    int readers,
    Rounds alone,
    Rounds followed,
    double ratio,
    double eventsPerSecond) {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  void write(Path file) throws IOException {
    Files.writeString(file, JSON.writeValueAsString(this) + "\n", StandardCharsets.UTF_8);
  }

  /** The table, line by line. */
  List<String> lines() {
    return List.of(
        machine.line(false),
        "",
        line("a training step, nobody following the job", alone),
        line("a training step, %d readers of its events".formatted(readers), followed),
        String.format(Locale.ROOT, "%-50s %9.3f", "ratio, median of the rounds'", ratio),
        String.format(Locale.ROOT, "%-50s %9.0f", "events received a second", eventsPerSecond));
  }

  private static String line(String what, Rounds rounds) {
    return String.format(
        Locale.ROOT, "%-50s %9.2f ms  %s", what, rounds.median(), rounds.milliseconds());
  }
}
