package spikemlp.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import spikemlp.neuron.LifNeuron;
import spikemlp.neuron.SurrogateGradient;

/** The surrogate gradients of {@link SurrogateGradient}, a run of potentials at a time. */
final class VectorisedSurrogate {

  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = S.length();
  private static final float SIGMOID = (float) SurrogateGradient.SIGMOID_SLOPE;
  private static final float EXPONENTIAL = (float) SurrogateGradient.EXPONENTIAL_SLOPE;

  private static final float LEAST_EXPONENT = -86f;
  private static final float LOG2_E = 1.442695f;
  private static final float ROUNDING = 12_582_912f;
  private static final float LN2_HIGH = 0.6933594f;
  private static final float LN2_LOW = -2.12194440e-4f;

  private VectorisedSurrogate() {}

  /**
   * Turns potentials h, from {@code at} on, into the surrogate's derivatives at h − V_th, with the
   * sign of h − V_th: negative where the neuron did not fire, even if 0. Works on whole vectors:
   * what lies beyond the count is nobody's.
   */
  static void signedDerivatives(LifNeuron neuron, float[] h, int at, int count) {
    float threshold = (float) neuron.threshold();
    switch (neuron.surrogate()) {
      case SIGMOID -> {
        for (int j = at; j < at + count; j += LANES) {
          FloatVector distance = FloatVector.fromArray(S, h, j).sub(threshold);
          FloatVector e = exp(distance, -SIGMOID);
          FloatVector sum = e.add(1f);
          signed(e.mul(SIGMOID).div(sum.mul(sum)), distance).intoArray(h, j);
        }
      }
      case RECTANGULAR -> {
        FloatVector one = FloatVector.broadcast(S, 1f);
        for (int j = at; j < at + count; j += LANES) {
          FloatVector distance = FloatVector.fromArray(S, h, j).sub(threshold);
          VectorMask<Float> near = distance.abs().compare(VectorOperators.LT, 0.5f);
          signed(FloatVector.zero(S).blend(one, near), distance).intoArray(h, j);
        }
      }
      case TRIANGULAR -> {
        FloatVector one = FloatVector.broadcast(S, 1f);
        for (int j = at; j < at + count; j += LANES) {
          FloatVector distance = FloatVector.fromArray(S, h, j).sub(threshold);
          signed(one.sub(distance.abs()).max(0f), distance).intoArray(h, j);
        }
      }
      case EXPONENTIAL -> {
        for (int j = at; j < at + count; j += LANES) {
          FloatVector distance = FloatVector.fromArray(S, h, j).sub(threshold);
          signed(exp(distance, -EXPONENTIAL).mul(EXPONENTIAL / 2), distance).intoArray(h, j);
        }
      }
    }
  }

  /** A slope ≥ 0 with the sign of the distance. */
  private static FloatVector signed(FloatVector slope, FloatVector distance) {
    return distance
        .reinterpretAsInts()
        .and(Integer.MIN_VALUE)
        .or(slope.reinterpretAsInts())
        .reinterpretAsFloats();
  }

  /**
   * e^(slope·|x|) for a slope &lt; 0, to 2 units in the last place: 2^n·e^r with n the exponent
   * over ln 2, rounded, and |r| ≤ ln 2/2. An exponent below {@value #LEAST_EXPONENT} counts as
   * that.
   *
   * <p>{@code lanewise(EXP)} gives other bits before its caller is compiled than after, and a run
   * would not repeat; these operations are exact ones at any time. The bound is one of integers,
   * which order numbers ≥ 0 as floats do, in a single instruction.
   */
  private static FloatVector exp(FloatVector x, float slope) {
    FloatVector bounded =
        x.abs()
            .reinterpretAsInts()
            .min(Float.floatToRawIntBits(LEAST_EXPONENT / slope))
            .reinterpretAsFloats()
            .mul(slope);
    // Adding 1.5·2²³ leaves n, rounded to nearest, in the low bits.
    FloatVector shifted = bounded.fma(broadcast(LOG2_E), broadcast(ROUNDING));
    FloatVector n = shifted.sub(ROUNDING);
    FloatVector r = n.fma(broadcast(-LN2_LOW), n.fma(broadcast(-LN2_HIGH), bounded));
    FloatVector p = broadcast(1f / 720).fma(r, broadcast(1f / 120));
    p = p.fma(r, broadcast(1f / 24));
    p = p.fma(r, broadcast(1f / 6));
    p = p.fma(r, broadcast(1f / 2));
    p = p.fma(r, broadcast(1f));
    p = p.fma(r, broadcast(1f));
    return p.reinterpretAsInts()
        .add(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
        .reinterpretAsFloats();
  }

  private static FloatVector broadcast(float value) {
    return FloatVector.broadcast(S, value);
  }
}
