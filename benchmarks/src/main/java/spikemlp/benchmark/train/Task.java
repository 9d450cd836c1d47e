package spikemlp.benchmark.train;

import java.util.Locale;

/** What is timed. */
enum Task {
  /** Whole training steps. */
  TRAIN,
  /** Forward in inference mode. */
  EVALUATE;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return label();
  }
}
