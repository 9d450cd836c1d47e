package spikemlp.trainer.job;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import spikemlp.contract.job.JobState;
import spikemlp.kernel.NativeMemory;
import spikemlp.training.Segment;

/** The meters {@code spikemlp_trainer_*}, in base units: seconds, bytes, images. */
@Component
class TrainerMetrics {

  private static final Duration FRESH = Duration.ofSeconds(5);
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String RESIDENT = "VmRSS:";
  private static final int KILO = 1024;

  private final JdbcClient jdbc;
  private final MeterRegistry meters;
  private final Timer waited;
  private final Timer batches;
  private final Timer checkpoints;
  private final Counter images;
  private Map<JobState, Integer> jobs = Map.of();
  private long counted = System.nanoTime() - FRESH.toNanos();

  TrainerMetrics(JdbcClient jdbc, MeterRegistry meters) {
    this.jdbc = jdbc;
    this.meters = meters;
    this.waited = timer("queue.wait", "From a job's submission or return to its beginning");
    this.batches = timer("batch", "A mini-batch: forward, backward, update");
    this.checkpoints = timer("checkpoint", "Writing a checkpoint to disk, fsync included");
    this.images =
        Counter.builder("spikemlp.trainer.images")
            .description("Images trained on; its rate is the training speed")
            .register(meters);
    for (JobState state : JobState.values()) {
      Gauge.builder("spikemlp.trainer.jobs", () -> jobs(state))
          .description("Jobs by state, in the database that all trainers share")
          .tag("state", state.name())
          .register(meters);
    }
    Gauge.builder("spikemlp.trainer.memory.native", NativeMemory::held)
        .description("Memory outside the heap that tensors hold")
        .baseUnit("bytes")
        .register(meters);
    Gauge.builder("spikemlp.trainer.memory.resident", TrainerMetrics::residentBytes)
        .description("Resident set of the process, native memory included")
        .baseUnit("bytes")
        .register(meters);
  }

  private Timer timer(String name, String description) {
    return Timer.builder("spikemlp.trainer." + name).description(description).register(meters);
  }

  /** A job has begun that waited so long. */
  void waited(double seconds) {
    waited.record(Math.round(seconds * 1e9), TimeUnit.NANOSECONDS);
  }

  /** A step of a Batch job has ended. */
  void stepped(String step, double seconds) {
    Timer.builder("spikemlp.trainer.step")
        .description("A job's step")
        .tag("step", step)
        .register(meters)
        .record(Math.round(seconds * 1e9), TimeUnit.NANOSECONDS);
  }

  /** A mini-batch was trained. */
  void trained(Segment batch) {
    batches.record(batch.nanos(), TimeUnit.NANOSECONDS);
    images.increment(batch.images());
  }

  /** Saves a checkpoint. */
  void saving(Runnable saves) {
    checkpoints.record(saves);
  }

  /** The jobs in a state; NaN while the database does not answer. */
  private synchronized double jobs(JobState state) {
    if (System.nanoTime() - counted > FRESH.toNanos()) {
      try {
        jobs = count();
        counted = System.nanoTime();
      } catch (DataAccessException | TransactionException e) {
        return Double.NaN;
      }
    }
    return jobs.getOrDefault(state, 0);
  }

  private Map<JobState, Integer> count() {
    Map<JobState, Integer> counts = new EnumMap<>(JobState.class);
    jdbc.sql("select state, count(*) as jobs from training_jobs group by state")
        .query(row -> {
          counts.put(JobState.valueOf(row.getString("state")), row.getInt("jobs"));
        });
    return counts;
  }

  /** NaN where the system does not say. */
  private static double residentBytes() {
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith(RESIDENT))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) * KILO)
          .findFirst()
          .orElse(Double.NaN);
    } catch (IOException e) {
      return Double.NaN;
    }
  }
}
