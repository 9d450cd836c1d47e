package spikemlp.kernel;

/** Kernels for checks in other packages. */
public final class CheckKernels {

  private CheckKernels() {}

  /** Kernels whose neurons fire the surrogate's primitive, for gradient checks. */
  public static Kernels inDoublePrecision() {
    return NaiveKernels.smooth(Precision.DOUBLE);
  }

  /** The equations as they stand, in the precision of production. */
  public static Kernels naive() {
    return NaiveKernels.of(Precision.SINGLE);
  }
}
