package spikemlp.inference.engine;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Runs of one session by their number of samples. Thread-safe. */
public final class RunStatistics {

  private final Map<Integer, Runs> bySamples = new ConcurrentHashMap<>();

  /**
   * Runs of one size.
   *
   * @param count how many
   * @param nanos how long they took together
   */
  public record Runs(long count, long nanos) {

    /** Both together. */
    public Runs plus(Runs other) {
      return new Runs(count + other.count, nanos + other.nanos);
    }
  }

  void add(int samples, long nanos) {
    bySamples.merge(samples, new Runs(1, nanos), Runs::plus);
  }

  /** What there was so far, by samples of a run. */
  public Map<Integer, Runs> bySamples() {
    return Map.copyOf(bySamples);
  }
}
