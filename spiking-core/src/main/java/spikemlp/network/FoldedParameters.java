package spikemlp.network;

import spikemlp.contract.card.WeightPrecision;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.kernel.Precision;
import spikemlp.layer.Parameter;
import spikemlp.layer.Parameters;

/**
 * The numbers of inference, laid out as the learnt ones are: W' in each weight's place and b' in
 * its normalisation's β; γ and the statistics are not read. The classifier's are as they were
 * learnt.
 */
final class FoldedParameters implements AutoCloseable {

  private static final String BIAS = ".bias";
  private static final String CLASSIFIER = "head.classifier";

  private final Folding folding;
  private final Parameters learnt;
  private final Parameters folded;
  private long version = -1;

  FoldedParameters(
      NetworkConfig config,
      Precision precision,
      WeightPrecision weights,
      Parameters learnt,
      Parameters.Layout layout) {
    this.folding = new Folding(config, precision, weights);
    this.learnt = learnt;
    this.folded = layout.allocate(precision);
  }

  /**
   * The learnt numbers, folded; always the same object.
   *
   * @throws IllegalArgumentException if they cannot be folded, as after training diverged; the
   *     message names the tensor
   */
  Parameters current() {
    if (version != learnt.version()) {
      for (String name : learnt.byName().keySet()) {
        if (name.startsWith(CLASSIFIER)) {
          write(name, requireFinite(name, read(name)));
        } else if (name.endsWith(".conv.weight") || name.endsWith(".fc.weight")) {
          fold(name);
        }
      }
      version = learnt.version();
      folded.changed();
    }
    return folded;
  }

  private void fold(String weight) {
    String product = weight.substring(0, weight.lastIndexOf('.'));
    String bn = product.substring(0, product.lastIndexOf('.')) + ".bn";
    Folding.Layer layer =
        new Folding.Layer(
            product,
            bn,
            read(weight),
            read(bn + ".weight"),
            read(bn + BIAS),
            read(bn + ".running_mean"),
            read(bn + ".running_var"));
    Folding.Folded result = folding.fold(layer, Folding.Operand.of(product));
    write(weight, result.weight());
    write(bn + BIAS, result.bias());
  }

  private static double[] requireFinite(String name, double[] numbers) {
    for (int i = 0; i < numbers.length; i++) {
      if (!Double.isFinite(numbers[i])) {
        throw new IllegalArgumentException(
            "tensor '%s' holds %s at %d, not a finite number".formatted(name, numbers[i], i));
      }
    }
    return numbers;
  }

  private double[] read(String name) {
    Parameter parameter = learnt.named(name);
    return learnt.read(parameter, learnt.home(parameter));
  }

  private void write(String name, double[] numbers) {
    Parameter parameter = folded.named(name);
    folded.write(parameter, folded.home(parameter), numbers);
  }

  @Override
  public void close() {
    folded.close();
  }
}
