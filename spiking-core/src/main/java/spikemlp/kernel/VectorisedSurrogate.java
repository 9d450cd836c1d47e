package spikemlp.kernel;

import jdk.incubator.vector.FloatVector;
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
   * g[j] = derivative at potentials[at + j] − V_th. Works on whole vectors: what lies beyond the
   * count is nobody's.
   */
  static void derivatives(LifNeuron neuron, float[] potentials, int at, float[] g, int count) {
    float threshold = (float) neuron.threshold();
    switch (neuron.surrogate()) {
      case SIGMOID -> {
        for (int j = 0; j < count; j += LANES) {
          FloatVector e = exp(distance(potentials, at + j, threshold).mul(-SIGMOID));
          FloatVector sum = e.add(1f);
          e.mul(SIGMOID).div(sum.mul(sum)).intoArray(g, j);
        }
      }
      case RECTANGULAR -> {
        FloatVector one = FloatVector.broadcast(S, 1f);
        for (int j = 0; j < count; j += LANES) {
          FloatVector distance = distance(potentials, at + j, threshold);
          FloatVector.zero(S)
              .blend(one, distance.compare(VectorOperators.LT, 0.5f))
              .intoArray(g, j);
        }
      }
      case TRIANGULAR -> {
        FloatVector one = FloatVector.broadcast(S, 1f);
        for (int j = 0; j < count; j += LANES) {
          one.sub(distance(potentials, at + j, threshold)).max(0f).intoArray(g, j);
        }
      }
      case EXPONENTIAL -> {
        for (int j = 0; j < count; j += LANES) {
          exp(distance(potentials, at + j, threshold).mul(-EXPONENTIAL))
              .mul(EXPONENTIAL / 2)
              .intoArray(g, j);
        }
      }
    }
  }

  private static FloatVector distance(float[] potentials, int at, float threshold) {
    return FloatVector.fromArray(S, potentials, at).sub(threshold).abs();
  }

  /**
   * e^x for x ≤ 0, to 2 units in the last place: 2^n·e^r with n = x/ln 2 rounded and |r| ≤ ln 2/2.
   *
   * <p>{@code lanewise(EXP)} gives other bits before its caller is compiled than after, and a run
   * would not repeat; these operations are exact ones at any time.
   */
  private static FloatVector exp(FloatVector x) {
    FloatVector bounded = x.max(LEAST_EXPONENT);
    // Adding 1.5·2²³ leaves n, rounded to nearest, in the low bits.
    FloatVector shifted = bounded.mul(LOG2_E).add(ROUNDING);
    FloatVector n = shifted.sub(ROUNDING);
    FloatVector r = bounded.sub(n.mul(LN2_HIGH)).sub(n.mul(LN2_LOW));
    FloatVector p = FloatVector.broadcast(S, 1f / 720);
    p = p.mul(r).add(1f / 120);
    p = p.mul(r).add(1f / 24);
    p = p.mul(r).add(1f / 6);
    p = p.mul(r).add(1f / 2);
    p = p.mul(r).add(1f);
    p = p.mul(r).add(1f);
    return p.reinterpretAsInts()
        .add(shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
        .reinterpretAsFloats();
  }
}
