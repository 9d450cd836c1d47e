package spikemlp.kernel;

/** Kernels whose neurons fire the surrogate's primitive, for gradient checks in other packages. */
public final class SmoothKernels {

  private SmoothKernels() {}

  public static Kernels inDoublePrecision() {
    return NaiveKernels.smooth(Precision.DOUBLE);
  }
}
