package spikemlp.trainer.job;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Takes points out of a series so that its figure stays the same: first and last are kept, and of
 * each of equally many points between them the lowest and the highest, in their order. The lowest
 * and highest of the whole series are therefore among what is left.
 */
final class Downsampling {

  /** The fewest points that a series is brought down to: first, lowest, highest and last. */
  static final int LEAST = 4;

  private Downsampling() {}

  /**
   * At most {@code most} points of a series.
   *
   * @param value what is lowest and highest
   * @throws IllegalArgumentException if {@code most} is less than {@link #LEAST}
   */
  static <T> List<T> minMax(List<T> series, int most, ToDoubleFunction<T> value) {
    if (most < LEAST) {
      throw new IllegalArgumentException("a series has " + LEAST + " points or more, not " + most);
    }
    if (series.size() <= most) {
      return series;
    }
    int between = series.size() - 2;
    int buckets = (most - 2) / 2;
    List<T> left = new ArrayList<>(most);
    left.add(series.getFirst());
    for (int bucket = 0; bucket < buckets; bucket++) {
      int from = 1 + (int) ((long) between * bucket / buckets);
      int to = 1 + (int) ((long) between * (bucket + 1) / buckets);
      int lowest = from;
      int highest = from;
      for (int i = from + 1; i < to; i++) {
        double here = value.applyAsDouble(series.get(i));
        if (Double.compare(here, value.applyAsDouble(series.get(lowest))) < 0) {
          lowest = i;
        }
        if (Double.compare(here, value.applyAsDouble(series.get(highest))) > 0) {
          highest = i;
        }
      }
      left.add(series.get(Math.min(lowest, highest)));
      if (lowest != highest) {
        left.add(series.get(Math.max(lowest, highest)));
      }
    }
    left.add(series.getLast());
    return left;
  }
}
