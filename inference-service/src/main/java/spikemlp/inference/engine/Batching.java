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

  /** How much more than the best a sample may cost in a smaller run, which answers sooner. */
  private static final double NEAR = 1.05;

  /**
   * What a run costs the service beside itself: threads that are woken, and caches that the work
   * between two runs emptied. Measured with 16 clients of a network of 3.5 ms, whose images took
   * 0.7 ms less of a core in runs of 4 than alone, and no less in runs of 8.
   */
  private static final long BESIDE_NANOS = 1_000_000;

  /** As many as tell a gain of a few hundredths; half are enough where it is far from none. */
  private static final int ROUNDS = 6;

  private static final double FAR = 0.15;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final Logger log = LoggerFactory.getLogger(Batching.class);

  /**
   * A batch size that was tried.
   *
   * @param batch samples
   * @param imageMillis the fastest run's time over its samples, ms
   */
  public record Measured(int batch, double imageMillis) {

    private static Measured of(int batch, long nanos) {
      return new Measured(batch, nanos / NANOS_PER_MILLI / batch);
    }

    /** With the share of what a run costs beside itself. */
    private double cost() {
      return imageMillis + BESIDE_NANOS / NANOS_PER_MILLI / batch;
    }

    private boolean ofLarge() {
      return imageMillis * batch > LARGE_MILLIS;
    }
  }

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
   * Chooses the smallest size whose sample costs at most 5 % more than that of the best, each with
   * its share of what a run costs beside itself. Sizes are doubled for as long as that pays at all:
   * a single step may look too small by the noise of its timing.
   */
  static Batching choose(String name, Limits limits, Stopwatch stopwatch) {
    List<Measured> measured = new ArrayList<>(List.of(Measured.of(1, stopwatch.nanos(1))));
    boolean pays = true;
    for (int batch = 1;
        pays && 2 * batch <= limits.maxBatch && !measured.getLast().ofLarge();
        batch *= 2) {
      Pair pair = Pair.timed(stopwatch, batch);
      measured.set(measured.size() - 1, Measured.of(batch, pair.smaller));
      measured.add(Measured.of(2 * batch, pair.larger));
      pays = pair.gain() > 1;
    }
    int chosen = smallestNearTheBest(measured);
    log.info("model {} runs {} samples at once ({})", name, chosen, measured);
    return new Batching(chosen, chosen == 1 ? Duration.ZERO : limits.maxDelay, measured);
  }

  private static int smallestNearTheBest(List<Measured> measured) {
    double best = measured.stream().mapToDouble(Measured::cost).min().orElseThrow();
    return measured.stream()
        .filter(one -> one.cost() <= NEAR * best)
        .findFirst()
        .orElseThrow()
        .batch;
  }

  /**
   * The fastest runs of two sizes.
   *
   * @param smaller ns
   * @param larger ns of one of twice its samples
   */
  private record Pair(long smaller, long larger) {

    /**
     * In turn, for the first runs of a session are slower than those after, whatever their size.
     */
    static Pair timed(Stopwatch stopwatch, int batch) {
      Pair pair = new Pair(Long.MAX_VALUE, Long.MAX_VALUE);
      for (int round = 0; round < ROUNDS; round++) {
        if (round == ROUNDS / 2 && Math.abs(pair.gain() - 1) > FAR) {
          break;
        }
        pair =
            new Pair(
                Math.min(pair.smaller, stopwatch.nanos(batch)),
                Math.min(pair.larger, stopwatch.nanos(2 * batch)));
      }
      return pair;
    }

    /** How much more a sample costs in the smaller run. */
    double gain() {
      return 2.0 * (smaller + BESIDE_NANOS) / (larger + BESIDE_NANOS);
    }
  }
}
