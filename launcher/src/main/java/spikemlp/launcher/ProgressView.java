package spikemlp.launcher;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import spikemlp.contract.job.EpochMetrics;
import spikemlp.contract.job.JobProgress;

/**
 * Shows a job's progress: on a terminal one line written over, elsewhere a line every few seconds;
 * a line that stays for each step and epoch. Mutable; one thread.
 */
final class ProgressView {

  private static final Duration PLAIN_INTERVAL = Duration.ofSeconds(10);
  private static final int BAR = 24;
  private static final String TRAIN = "train";

  private final Terminal terminal;
  private final Clock clock;
  private final Set<String> announced = new HashSet<>();
  private int epochsShown;
  private Instant lastPlain = Instant.EPOCH;

  ProgressView(Terminal terminal, Clock clock) {
    this.terminal = terminal;
    this.clock = clock;
  }

  void state(String state) {
    if (state.equals("RECOVERING") || state.equals("STOPPING")) {
      terminal.line("  job is " + state.toLowerCase(Locale.ROOT));
      announced.clear(); // its steps may run again
    }
  }

  void progress(JobProgress progress) {
    announce(progress.step());
    if (progress.batches() == 0 || !progress.step().equals(TRAIN)) {
      return;
    }
    String line = "    " + describe(progress);
    if (terminal.interactive()) {
      terminal.status(line);
    } else if (clock.instant().isAfter(lastPlain.plus(PLAIN_INTERVAL))) {
      lastPlain = clock.instant();
      terminal.line(line);
    }
  }

  private void announce(String step) {
    if (announced.add(step)) {
      terminal.line("  " + title(step));
    }
  }

  private static String title(String step) {
    return switch (step) {
      case "queued" -> "waiting for a worker";
      case "prepareData" -> "preparing the data";
      case TRAIN -> "training";
      case "evaluate" -> "evaluating on held-out images";
      case "export" -> "exporting to ONNX and proving it";
      case "register" -> "registering the version";
      default -> step;
    };
  }

  private static String describe(JobProgress p) {
    double done = Math.min(1, (double) p.batch() / p.batches());
    int filled = (int) Math.round(BAR * done);
    return String.format(
        Locale.ROOT,
        "%s%s %3.0f %%  epoch %d/%d  loss %.3f  accuracy %s  %.0f images/s  %s left",
        "█".repeat(filled),
        "░".repeat(BAR - filled),
        100 * done,
        Math.max(1, p.epoch()),
        p.epochs(),
        p.loss(),
        Figures.percent(p.accuracy()),
        p.imagesPerSecond(),
        Figures.duration(p.secondsLeft()));
  }

  void metric(EpochMetrics m) {
    if (m.epoch() <= epochsShown) {
      return; // shown before the stream broke
    }
    epochsShown = m.epoch();
    announce(TRAIN); // progress is sampled: a short training is over before its first is sent
    terminal.line(
        String.format(
            Locale.ROOT,
            "    epoch %2d  loss %.3f  train %s  test %s  %.0f images/s",
            m.epoch(),
            m.trainLoss(),
            Figures.percent(m.trainAccuracy()),
            Figures.percent(m.testAccuracy()),
            m.imagesPerSecond()));
  }
}
