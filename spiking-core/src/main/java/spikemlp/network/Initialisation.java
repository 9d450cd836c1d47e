package spikemlp.network;

import java.util.Arrays;
import java.util.SplittableRandom;
import spikemlp.layer.Parameter;
import spikemlp.layer.Parameters;

/**
 * PyTorch's default initialisation: weights of layers, and the classifier's bias, uniform in
 * ±1/√fan_in (kaiming uniform with a = √5); normalisation at γ = 1, β = 0, running mean 0 and
 * variance 1. Each parameter has a random stream of its own, named by the seed and its name.
 */
final class Initialisation {

  private Initialisation() {}

  static void initialise(Parameters parameters, long seed) {
    for (Parameter parameter : parameters.byName().values()) {
      double[] numbers = new double[parameter.size()];
      if (parameter.fanIn() > 0) {
        SplittableRandom random = new SplittableRandom(stream(seed, parameter.name()));
        double bound = 1 / Math.sqrt(parameter.fanIn());
        for (int i = 0; i < numbers.length; i++) {
          numbers[i] = random.nextDouble(-bound, bound);
        }
      } else if (parameter.name().endsWith(".bn.weight")
          || parameter.name().endsWith(".running_var")) {
        Arrays.fill(numbers, 1);
      }
      parameters.write(parameter, parameters.home(parameter), numbers);
    }
    parameters.changed();
  }

  /** FNV-1a over the seed and the name. */
  private static long stream(long seed, String name) {
    long hash = 0xcbf29ce484222325L;
    String text = seed + "/" + name;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }
}
