package spikemlp.inference.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many samples of one version are computed in one run. Large networks lose by batching, as a
 * batch leaves the processor's cache, and small ones gain, as a run costs something by itself; so
 * it is measured when a version is loaded.
 *
 * @param maxBatch samples in a run; 1 means that there is no batching
 * @param maxDelay how long a run waits for companions that are on their way
 * @param measured what the choice was made by
 */
public record Batching(int maxBatch, Duration maxDelay, List<Measured> measured) {

  /** A run that takes longer is of a large network: it is not tried in batches. */
  static final double LARGE_MILLIS = 50;

  /** A run that takes less is over before anybody misses the thread it is computed on. */
  static final double BRIEF_MILLIS = 20;

  /** What a batch must gain to be worth it, and one of twice its size again. */
  static final double GAIN = 1.05;

  private static final int REPEATS = 3;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final Logger log = LoggerFactory.getLogger(Batching.class);

  /**
   * A batch size that was tried.
   *
   * @param batch samples
   * @param imageMillis the fastest run's time over its samples, ms
   */
  public record Measured(int batch, double imageMillis) {}

  /**
   * The bounds of the choice.
   *
   * @param maxBatch the largest batch to try, at least 1
   * @param maxDelay how long a run may wait for companions
   */
  public record Limits(int maxBatch, Duration maxDelay) {

    public Limits {
      if (maxBatch < 1 || maxDelay.isNegative()) {
        throw new IllegalArgumentException(
            "a batch has 1 sample or more and no negative delay, not "
                + maxBatch
                + " and "
                + maxDelay);
      }
    }
  }

  /** Times a run of some samples, ns. */
  @FunctionalInterface
  interface Stopwatch {
    long nanos(int batch);
  }

  public Batching {
    measured = List.copyOf(measured);
  }

  /** What a sample of the largest run costs, ms; 0 if nothing was measured. */
  double imageMillis() {
    return measured.stream()
        .filter(one -> one.batch == maxBatch)
        .mapToDouble(Measured::imageMillis)
        .findFirst()
        .orElse(0);
  }

  /** Whether a run of one sample is so short that the thread that asks may compute it. */
  boolean brief() {
    return !measured.isEmpty() && measured.getFirst().imageMillis < BRIEF_MILLIS;
  }

  /**
   * Chooses by doubling: as long as a sample of the larger batch costs at least 5 % less than one
   * of the smaller.
   */
  static Batching choose(String name, Limits limits, Stopwatch stopwatch) {
    List<Measured> measured = new ArrayList<>();
    Measured best = fastest(1, stopwatch);
    measured.add(best);
    boolean pays = true;
    for (int batch = 2; pays && batch <= limits.maxBatch; batch *= 2) {
      if (best.imageMillis * best.batch > LARGE_MILLIS) {
        break;
      }
      Measured larger = fastest(batch, stopwatch);
      measured.add(larger);
      pays = larger.imageMillis * GAIN <= best.imageMillis;
      best = pays ? larger : best;
    }
    log.info("model {} runs {} samples at once ({})", name, best.batch, measured);
    return new Batching(best.batch, best.batch == 1 ? Duration.ZERO : limits.maxDelay, measured);
  }

  private static Measured fastest(int batch, Stopwatch stopwatch) {
    long fastest = Long.MAX_VALUE;
    for (int i = 0; i < REPEATS; i++) {
      fastest = Math.min(fastest, stopwatch.nanos(batch));
      if (fastest > LARGE_MILLIS * NANOS_PER_MILLI) {
        break;
      }
    }
    return new Measured(batch, fastest / NANOS_PER_MILLI / batch);
  }
}
