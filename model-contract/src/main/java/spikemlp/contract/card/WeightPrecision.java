package spikemlp.contract.card;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The numbers that a model file's weights are. */
public enum WeightPrecision {
  /** Single precision. */
  FP32("fp32"),
  /** Fully connected layers of spikes in 8 bits, one scale an output; the others as FP32. */
  INT8("int8");

  /** The key of the precision in an ONNX file's {@code metadata_props}; FP32 where it is absent. */
  public static final String METADATA_KEY = "spikemlp.precision";

  private final String label;

  WeightPrecision(String label) {
    this.label = label;
  }

  /** As files and answers call it, such as {@code int8}. */
  public String label() {
    return label;
  }

  /** The precision called {@code label}, if there is one. */
  public static Optional<WeightPrecision> named(String label) {
    return Arrays.stream(values()).filter(one -> one.label.equals(label)).findFirst();
  }

  /** All labels, for messages. */
  public static String labels() {
    return Arrays.stream(values()).map(WeightPrecision::label).collect(Collectors.joining(", "));
  }
}
