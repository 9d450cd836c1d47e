package spikemlp.kernel;

/** What kernels are timed against, which the package keeps to itself. */
public final class NaiveBaseline {

  private NaiveBaseline() {}

  /** The naive kernels in single precision. */
  public static Kernels kernels() {
    return NaiveKernels.of(Precision.SINGLE);
  }
}
