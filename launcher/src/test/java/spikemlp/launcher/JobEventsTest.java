package spikemlp.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import spikemlp.contract.job.DataSetSpec;
import spikemlp.contract.job.EpochMetrics;
import spikemlp.contract.job.JobKind;
import spikemlp.contract.job.JobProgress;
import spikemlp.contract.job.JobState;
import spikemlp.contract.job.TrainingJob;
import spikemlp.contract.job.TrainingJobRequest;
import tools.jackson.databind.json.JsonMapper;

class JobEventsTest {

  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-11-23T12:00:00Z"), ZoneOffset.UTC);

  private final StringWriter shown = new StringWriter();

  private Optional<TrainingJob> read(boolean interactive, List<String> lines) {
    Terminal terminal = new Terminal(new PrintWriter(shown), interactive);
    try (Api api = new Api(URI.create("http://127.0.0.1:1"), () -> "none")) {
      return new JobEvents(api, "j", new ProgressView(terminal, NOON)).read(lines.iterator());
    }
  }

  private static String json(Object value) {
    return JsonMapper.shared().writeValueAsString(value);
  }

  private static TrainingJob ended() {
    return new TrainingJob(
        "j",
        JobState.FAILED,
        new TrainingJobRequest("m", DataSetSpec.digits(), null, null),
        JobProgress.NONE,
        List.of(),
        "the disk is full",
        null,
        Map.of(),
        Map.of(),
        NOON.instant(),
        null,
        null,
        null,
        JobKind.TRAIN,
        null,
        null,
        null);
  }

  @Test
  void progressIsShownUntilTheEnd() {
    JobProgress progress = new JobProgress("train", 2, 5, 150, 300, 0.5, 0.875, 812, 63);
    EpochMetrics metrics = new EpochMetrics(1, 0.9, 0.7, 0.8, 0.09, 800, 0.6);

    Optional<TrainingJob> job =
        read(
            false,
            List.of(
                ":still here",
                "",
                "id: 1",
                "event:progress",
                "data:" + json(progress),
                "",
                "event: metric",
                "data: " + json(metrics),
                "",
                "event: metric",
                "data: " + json(metrics),
                "",
                "event: later",
                "data: {}",
                "",
                "event: end",
                "data: " + json(ended()),
                ""));

    assertThat(job.orElseThrow().failure()).isEqualTo("the disk is full");
    assertThat(shown.toString())
        .contains("50 %  epoch 2/5  loss 0.500  accuracy 87.5 %  812 images/s  1:03 left")
        .contains("test 80.0 %")
        .containsOnlyOnce("epoch  1")
        .doesNotContain("\033");
  }

  @Test
  void anEpochStandsUnderItsTrainingWhenThatWasTooShortToReportProgress() {
    JobProgress preparing = new JobProgress("prepareData", 0, 1, 0, 0, 0, 0, 0, 0);
    JobProgress training = new JobProgress("train", 1, 1, 2, 2, 0.9, 0.7, 800, 0);
    EpochMetrics metrics = new EpochMetrics(1, 0.9, 0.7, 0.8, 0.09, 800, 0.6);

    read(
        false,
        List.of(
            "event: progress",
            "data: " + json(preparing),
            "",
            "event: metric",
            "data: " + json(metrics),
            "",
            "event: progress",
            "data: " + json(training),
            ""));

    assertThat(shown.toString().lines().map(String::strip).toList())
        .startsWith("preparing the data", "training")
        .containsOnlyOnce("training")
        .satisfies(lines -> assertThat(lines.get(2)).startsWith("epoch  1"));
  }

  @Test
  void aStreamThatBreaksOffHasNoEnd() {
    assertThat(read(false, List.of("event: end", "data: {\"id\":"))).isEmpty();
  }

  @Test
  void onATerminalTheBarIsWrittenOver() {
    JobProgress progress = new JobProgress("train", 1, 1, 1, 2, 1, 0.5, 10, 1);

    read(true, List.of("event:progress", "data:" + json(progress), ""));

    assertThat(shown.toString()).contains("\r\033[2K").contains("████████████░░░░░░░░░░░░");
  }

  @Test
  void figuresHaveTheirUnits() {
    assertThat(Figures.energy(999)).isEqualTo("999.0 pJ");
    assertThat(Figures.energy(1_234_567)).isEqualTo("1.23 µJ");
    assertThat(Figures.energy(22.9e9)).isEqualTo("22.9 mJ");
    assertThat(Figures.duration(3725)).isEqualTo("1:02:05");
    assertThat(Figures.table(List.of(List.of("a", "bb"), List.of("ccc", "d"))))
        .containsExactly("  a    bb", "  ───────", "  ccc  d");
  }
}
