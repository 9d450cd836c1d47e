package spikemlp.kernel;

/** What kernels are timed against, which the package keeps to itself. */
public final class NaiveBaseline {

  private NaiveBaseline() {}

  /** The naive kernels in single precision. */
  public static Kernels kernels() {
    return NaiveKernels.of(Precision.SINGLE);
  }

  /**
   * δX = δY·W of one sample, as the equation stands.
   *
   * @param dy {@code [rows, outputs]}
   * @param w {@code [outputs, inputs]}
   * @param dx {@code [rows, inputs]}
   */
  public static void inputGradient(
      Tensor dy, Tensor w, Tensor dx, int rows, int inputs, int outputs) {
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < inputs; i++) {
        double sum = 0;
        for (int o = 0; o < outputs; o++) {
          sum =
              Precision.SINGLE.fma(
                  dy.get((long) r * outputs + o), w.get((long) o * inputs + i), sum);
        }
        dx.set((long) r * inputs + i, sum);
      }
    }
  }
}
