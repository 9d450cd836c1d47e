package spikemlp.trainer.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.JobInterruptedException;
import spikemlp.contract.job.JobKind;
import spikemlp.contract.job.JobProgress;
import spikemlp.contract.job.TrainingJobRequest;
import spikemlp.data.DataSplit;
import spikemlp.data.ImageDataSet;
import spikemlp.network.SpikingMlp;
import spikemlp.trainer.dataset.DataSets;
import spikemlp.trainer.job.JobQueue.Claim;
import spikemlp.training.TrainingRun;

/**
 * A job while a worker runs it: its directory, its data and network, and whether it shall stop.
 * Data and network are loaded when a step first needs them, so that a restarted job may begin with
 * any step. Belongs to the worker's thread, but for the stop request and the progress, which other
 * threads set and read. Closing frees the memory of the network and of the pictures.
 */
final class RunningJob implements AutoCloseable {

  /** Why a job shall stop. */
  enum Stop {
    NO,
    /** Its owner asked. */
    REQUESTED,
    /** The process shuts down. */
    SHUTDOWN,
    /** It has run longer than it may. */
    TIME_LIMIT,
    /** Another worker holds the job now. */
    LEASE_LOST
  }

  private static final String START_FILE = "start.safetensors";

  private final Claim claim;
  private final Path directory;
  private final DataSets dataSets;
  private final StartVersions starts;
  private final AtomicReference<Stop> stop = new AtomicReference<>(Stop.NO);
  private final AtomicReference<JobProgress> progress;
  private final long began = System.nanoTime();
  private Optional<PreparedJob> prepared;
  private Optional<TrainingCheckpoint> checkpoint;
  private Optional<TestResults> results;
  private Optional<ExportedModel> exported;
  private Optional<String> weights;
  private long stepBegan;
  private @Nullable DataSplit data;
  private @Nullable TrainingRun training;

  RunningJob(Claim claim, Path directory, DataSets dataSets, StartVersions starts) {
    this.claim = claim;
    this.directory = directory;
    this.dataSets = dataSets;
    this.starts = starts;
    this.progress = new AtomicReference<>(claim.progress());
    this.prepared = claim.prepared();
    this.checkpoint = claim.checkpoint();
    this.results = claim.results();
    this.exported = claim.exported();
    this.weights = claim.weights();
  }

  String id() {
    return claim.job();
  }

  long fence() {
    return claim.fence();
  }

  JobKind kind() {
    return claim.kind();
  }

  void weights(String sha256) {
    weights = Optional.of(sha256);
  }

  /** How the weights differ from those that they should be, if they do. */
  Optional<String> notReproduced() {
    return claim
        .expectedWeights()
        .filter(expected -> !weights.equals(Optional.of(expected)))
        .map(expected ->
            "the training gave other weights: their SHA-256 is %s, the first time it was %s; the machine or the software differs"
                .formatted(weights.orElse("unknown"), expected));
  }

  /** How long it has run since it was submitted or resumed, under earlier holders too. */
  double runSeconds() {
    return claim.runSeconds() + (System.nanoTime() - began) / 1e9;
  }

  TrainingJobRequest request() {
    return claim.request();
  }

  /** The version that training starts from, as it was at submission. */
  Optional<StartVersion> start() {
    return claim.start();
  }

  Path file(String name) {
    return directory.resolve(name);
  }

  /** Asks the job to stop; the first reason counts, but for a lost lease, which counts always. */
  void stop(Stop reason) {
    if (reason == Stop.LEASE_LOST) {
      stop.set(reason);
    } else {
      stop.compareAndSet(Stop.NO, reason);
    }
  }

  Stop stopReason() {
    return stop.get();
  }

  boolean mustStop() {
    return stop.get() != Stop.NO;
  }

  /**
   * Does work that gives up when the job {@link #mustStop() must stop}.
   *
   * @throws JobInterruptedException if it was given up: Batch then takes the step for stopped
   */
  <T> T unlessStopped(Callable<T> work) throws Exception {
    try {
      return work.call();
    } catch (CancellationException | InterruptedException e) {
      throw new JobInterruptedException(String.valueOf(e.getMessage()));
    }
  }

  void progress(JobProgress news) {
    progress.set(news);
  }

  JobProgress progress() {
    return progress.get();
  }

  void beginStep() {
    stepBegan = System.nanoTime();
  }

  double secondsInStep() {
    return (System.nanoTime() - stepBegan) / 1e9;
  }

  PreparedJob prepared() {
    return prepared.orElseThrow(
        () -> new IllegalStateException("job " + id() + " has not been prepared"));
  }

  void prepared(PreparedJob value, DataSplit loaded) {
    prepared = Optional.of(value);
    data = loaded;
  }

  Optional<PreparedJob> preparedIfAny() {
    return prepared;
  }

  Optional<TrainingCheckpoint> checkpoint() {
    return checkpoint;
  }

  void checkpoint(TrainingCheckpoint committed) {
    checkpoint = Optional.of(committed);
  }

  TestResults results() {
    return results.orElseThrow(
        () -> new IllegalStateException("job " + id() + " has not been evaluated"));
  }

  void results(TestResults value) {
    results = Optional.of(value);
  }

  ExportedModel exported() {
    return exported.orElseThrow(
        () -> new IllegalStateException("job " + id() + " has not been exported"));
  }

  void exported(ExportedModel value) {
    exported = Optional.of(value);
  }

  /**
   * The data that the job was prepared with.
   *
   * @throws DataChangedException if what lies there now is something else
   */
  DataSplit data() {
    DataSplit loaded = data;
    if (loaded == null) {
      loaded = dataSets.load(request().dataSet(), prepared().input(), this::mustStop);
      if (!loaded.contentHash().equals(prepared().contentHash())) {
        throw new DataChangedException(
            prepared().dataSet(), prepared().contentHash(), loaded.contentHash());
      }
      data = loaded;
    }
    return loaded;
  }

  /** The training, begun or resumed from the last committed checkpoint. */
  TrainingRun training() {
    TrainingRun run = training;
    if (run == null) {
      ImageDataSet images = data().train();
      run =
          checkpoint.isPresent()
              ? TrainingRun.resume(file(checkpoint.get().file()), images)
              : begun(images);
      training = run;
    }
    return run;
  }

  private TrainingRun begun(ImageDataSet images) {
    PreparedJob plan = prepared();
    Optional<StartVersion> start = start();
    if (start.isEmpty()) {
      return TrainingRun.start(plan.network(), plan.plan(), images, plan.input());
    }
    try {
      fetchStart(); // again after a take-over by another machine
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      // Batch takes a step for stopped, not failed, by the cause.
      throw new IllegalStateException(new JobInterruptedException(String.valueOf(e.getMessage())));
    }
    return TrainingRun.startFrom(
        file(START_FILE),
        start.get().parent().mode(),
        plan.network(),
        plan.plan(),
        images,
        plan.input());
  }

  /**
   * Sees to it that the start version's checkpoint lies in the job's directory.
   *
   * @throws InterruptedException if the job shall stop before the registry answers
   */
  void fetchStart() throws IOException, InterruptedException {
    if (start().isPresent()) {
      createDirectory();
      starts.fetch(start().get(), file(START_FILE), this::mustStop);
    }
  }

  /** What is tested, exported and registered: the weights' moving average where there is one. */
  SpikingMlp network() {
    return training().network();
  }

  void createDirectory() throws IOException {
    Files.createDirectories(directory);
  }

  /** Deletes the job's files but the one given. */
  void deleteFilesExcept(Optional<String> kept) throws IOException {
    JobFiles.deleteExcept(directory, kept);
  }

  @Override
  public void close() {
    TrainingRun run = training;
    DataSplit pictures = data;
    training = null;
    data = null;
    if (run != null) {
      run.close();
    }
    if (pictures != null) {
      pictures.close();
    }
  }
}
