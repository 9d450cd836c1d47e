package spikemlp.benchmark.events;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import spikemlp.benchmark.Machine;
import spikemlp.benchmark.events.PlatformClient.Instant;
import spikemlp.benchmark.train.Rounds;
import spikemlp.contract.job.DataSetSpec;
import spikemlp.contract.job.TrainingJob;
import spikemlp.contract.job.TrainingJobRequest;
import spikemlp.contract.job.TrainingSpec;

/** {@code bench events}. */
@Command(
    name = "events",
    description =
        "Times the training steps of a job of a running platform, in turn with and without"
            + " readers of its events. The job is submitted for it, and stopped and deleted after.",
    footer = "Nothing else should run on the machine, and no other job on the platform.")
public final class EventsBenchmark implements Callable<Integer> {

  private static final String NAME = "bench-events";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Longer than any run of the benchmark. */
  private static final TrainingSpec TRAINING =
      new TrainingSpec(1000, null, null, null, null, null, null, null, null, null);

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean help;

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8080",
      description = "The platform (default: ${DEFAULT-VALUE}).")
  private URI url = URI.create("");

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      required = true,
      description = "Of scopes read and train, as ./spikemlp token prints it.")
  private String token = "";

  @Option(
      names = "--readers",
      paramLabel = "N",
      defaultValue = "200",
      description = "Connections that follow the job (default: ${DEFAULT-VALUE}).")
  private int readers;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "7",
      description = "Turns with and without them (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "15",
      description = "Length of each half of a turn (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(names = "--json", paramLabel = "FILE", description = "Also write the result there.")
  private @Nullable Path json;

  @Spec private @Nullable CommandSpec spec;

  @Override
  @SuppressWarnings("NullAway") // picocli has set spec
  public Integer call() throws IOException, InterruptedException {
    if (readers < 1 || rounds < 1 || seconds < 1) {
      throw new IllegalArgumentException("--readers, --rounds and --seconds are 1 or more");
    }
    PrintWriter out = spec.commandLine().getOut();
    Machine machine = Machine.here();
    try (PlatformClient platform = new PlatformClient(url, token)) {
      EventsReport report = measured(machine, platform);
      report.lines().forEach(out::println);
      out.flush();
      if (json != null) {
        report.write(json);
      }
    }
    return 0;
  }

  private EventsReport measured(Machine machine, PlatformClient platform)
      throws IOException, InterruptedException {
    String job =
        platform.submit(new TrainingJobRequest(NAME, DataSetSpec.digits(), null, TRAINING));
    try {
      awaitTraining(platform, job);
      step(platform, job); // warms up
      List<Double> alone = new ArrayList<>();
      List<Double> followed = new ArrayList<>();
      long events = 0;
      double following = 0;
      for (int round = 0; round < rounds; round++) {
        alone.add(step(platform, job));
        long begun = System.nanoTime();
        try (EventReaders all = EventReaders.open(platform, job, readers)) {
          followed.add(step(platform, job));
          events += all.events();
          following += (System.nanoTime() - begun) / 1e9;
        }
      }
      Rounds without = new Rounds(alone);
      Rounds with = new Rounds(followed);
      return new EventsReport(
          machine, readers, without, with, with.medianOver(without), events / following);
    } finally {
      platform.stop(job);
      awaitEnd(platform, job);
      platform.delete(job);
    }
  }

  /** Milliseconds a training step, over some seconds. */
  private double step(PlatformClient platform, String job)
      throws IOException, InterruptedException {
    Instant first = platform.next(job);
    Thread.sleep(Duration.ofSeconds(seconds));
    return platform.next(job).millisecondsEach(first);
  }

  private static void awaitTraining(PlatformClient platform, String job)
      throws IOException, InterruptedException {
    await(platform, job, now -> now.progress().batch() > 0 || now.state().ended(), "train");
  }

  private static void awaitEnd(PlatformClient platform, String job)
      throws IOException, InterruptedException {
    await(platform, job, now -> now.state().ended(), "stop");
  }

  private static void await(
      PlatformClient platform, String job, Predicate<TrainingJob> condition, String verb)
      throws IOException, InterruptedException {
    for (long begun = System.nanoTime(); System.nanoTime() - begun < PATIENCE.toNanos(); ) {
      if (condition.test(platform.get(job))) {
        return;
      }
      Thread.sleep(200);
    }
    throw new IllegalStateException("job %s did not %s in %s".formatted(job, verb, PATIENCE));
  }
}
