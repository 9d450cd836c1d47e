package spikemlp.neuron;

import spikemlp.contract.network.Surrogate;

/**
 * The derivative g(x) that replaces the step's in backward, at x = h − V_th, and the smooth
 * function it is the derivative of (paper section 3.1). Every g integrates to 1, as the step's
 * does.
 *
 * <pre>
 * sigmoid       g = α·σ(αx)·(1 − σ(αx)), α = 4       primitive σ(αx)
 * rectangular   g = 1 for |x| &lt; ½, else 0             primitive x + ½, cut to [0, 1]
 * triangular    g = max(0, 1 − |x|)                   primitive of two parabolas
 * exponential   g = α/2·exp(−α|x|), α = 2             primitive ½·exp(αx), 1 − ½·exp(−αx)
 * </pre>
 */
public final class SurrogateGradient {

  /** α of the sigmoid. */
  public static final double SIGMOID_SLOPE = 4.0;

  /** α of the exponential. */
  public static final double EXPONENTIAL_SLOPE = 2.0;

  private SurrogateGradient() {}

  /** g(x). */
  public static double derivative(Surrogate surrogate, double x) {
    double distance = Math.abs(x);
    return switch (surrogate) {
      case SIGMOID -> {
        // σ(1 − σ) = e / (1 + e)² with e = exp(−α|x|) in (0, 1]: no overflow.
        double e = Math.exp(-SIGMOID_SLOPE * distance);
        yield SIGMOID_SLOPE * e / ((1 + e) * (1 + e));
      }
      case RECTANGULAR -> distance < 0.5 ? 1 : 0;
      case TRIANGULAR -> Math.max(0, 1 - distance);
      case EXPONENTIAL -> EXPONENTIAL_SLOPE / 2 * Math.exp(-EXPONENTIAL_SLOPE * distance);
    };
  }

  /** The smooth step: the integral of g from −∞ to x. */
  public static double primitive(Surrogate surrogate, double x) {
    return switch (surrogate) {
      case SIGMOID -> 1 / (1 + Math.exp(-SIGMOID_SLOPE * x));
      case RECTANGULAR -> Math.clamp(x + 0.5, 0, 1);
      case TRIANGULAR -> {
        double c = Math.clamp(x, -1, 1);
        yield c < 0 ? (1 + c) * (1 + c) / 2 : 1 - (1 - c) * (1 - c) / 2;
      }
      case EXPONENTIAL ->
          x < 0 ? Math.exp(EXPONENTIAL_SLOPE * x) / 2 : 1 - Math.exp(-EXPONENTIAL_SLOPE * x) / 2;
    };
  }
}
