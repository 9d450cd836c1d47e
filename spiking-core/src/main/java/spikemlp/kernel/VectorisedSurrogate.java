package spikemlp.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
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

  private VectorisedSurrogate() {}

  /** g[j] = derivative at potentials[at + j] − V_th. */
  static void derivatives(
      LifNeuron neuron, MemorySegment potentials, long at, float[] g, int count) {
    float threshold = (float) neuron.threshold();
    int whole = count / LANES * LANES;
    switch (neuron.surrogate()) {
      case SIGMOID -> {
        for (int j = 0; j < whole; j += LANES) {
          FloatVector e =
              distance(potentials, at + j, threshold).mul(-SIGMOID).lanewise(VectorOperators.EXP);
          FloatVector sum = e.add(1f);
          e.mul(SIGMOID).div(sum.mul(sum)).intoArray(g, j);
        }
      }
      case RECTANGULAR -> {
        FloatVector one = FloatVector.broadcast(S, 1f);
        for (int j = 0; j < whole; j += LANES) {
          FloatVector distance = distance(potentials, at + j, threshold);
          FloatVector.zero(S)
              .blend(one, distance.compare(VectorOperators.LT, 0.5f))
              .intoArray(g, j);
        }
      }
      case TRIANGULAR -> {
        FloatVector one = FloatVector.broadcast(S, 1f);
        for (int j = 0; j < whole; j += LANES) {
          one.sub(distance(potentials, at + j, threshold)).max(0f).intoArray(g, j);
        }
      }
      case EXPONENTIAL -> {
        for (int j = 0; j < whole; j += LANES) {
          distance(potentials, at + j, threshold)
              .mul(-EXPONENTIAL)
              .lanewise(VectorOperators.EXP)
              .mul(EXPONENTIAL / 2)
              .intoArray(g, j);
        }
      }
    }
    for (int j = whole; j < count; j++) {
      float h = potentials.get(ValueLayout.JAVA_FLOAT_UNALIGNED, (at + j) * Float.BYTES);
      g[j] = (float) SurrogateGradient.derivative(neuron.surrogate(), h - threshold);
    }
  }

  private static FloatVector distance(MemorySegment potentials, long at, float threshold) {
    return FloatVector.fromMemorySegment(S, potentials, at * Float.BYTES, ByteOrder.nativeOrder())
        .sub(threshold)
        .abs();
  }
}
