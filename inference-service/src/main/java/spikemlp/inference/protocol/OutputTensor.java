package spikemlp.inference.protocol;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import spikemlp.contract.card.ModelCard;

/** The outputs that every model has. */
enum OutputTensor {
  /** {@code [B, K]}. */
  LOGITS("logits", "FP32"),
  /** Softmax of the logits, {@code [B, K]}. */
  PROBABILITIES("probabilities", "FP32"),
  /** Spikes per neuron layer over T, {@code [B, L]}. */
  SPIKES("spikes", "INT64"),
  /** The estimate of each sample, pJ, {@code [B]}. */
  ENERGY("energy_pj", "FP64");

  private final String label;
  private final String datatype;

  OutputTensor(String label, String datatype) {
    this.label = label;
    this.datatype = datatype;
  }

  String label() {
    return label;
  }

  String datatype() {
    return datatype;
  }

  /** Its shape for so many samples; −1 for any number. */
  List<Long> shape(ModelCard card, long batch) {
    return switch (this) {
      case LOGITS, PROBABILITIES -> List.of(batch, (long) card.labels().size());
      case SPIKES -> List.of(batch, (long) card.topology().neurons().size());
      case ENERGY -> List.of(batch);
    };
  }

  /** All of their names, for messages. */
  static String names() {
    return Arrays.stream(values()).map(OutputTensor::label).collect(Collectors.joining(", "));
  }

  /**
   * The output of that name.
   *
   * @throws spikemlp.problem.ProblemException 400 if there is none; lists those there are
   */
  static OutputTensor named(String name) {
    return Arrays.stream(values())
        .filter(output -> output.label.equals(name))
        .findFirst()
        .orElseThrow(() ->
            BadRequest.because("the model has no output '" + name + "'; there are " + names()));
  }
}
