package spikemlp.benchmark.kernel;

import spikemlp.kernel.Kernels;
import spikemlp.kernel.NaiveBaseline;
import spikemlp.kernel.Precision;

/** Which kernels are timed, and on how much. */
public enum Implementation {
  /** Those that train, on a batch at a time of three: what one leaves in a cache is gone again. */
  VECTORISED(32, 96),
  /** Those with the equations, on one sample. */
  NAIVE(1, 1);

  private final int batch;
  private final int samples;

  Implementation(int batch, int samples) {
    this.batch = batch;
    this.samples = samples;
  }

  /** Samples a call works on. */
  int batch() {
    return batch;
  }

  /** Samples in memory, a multiple of the batch; worked on in turn. */
  int samples() {
    return samples;
  }

  /** The first sample of the batch after that of {@code first}. */
  int after(int first) {
    return (first + batch) % samples;
  }

  Kernels kernels() {
    return switch (this) {
      case VECTORISED -> Kernels.of(Precision.SINGLE);
      case NAIVE -> NaiveBaseline.kernels();
    };
  }
}
