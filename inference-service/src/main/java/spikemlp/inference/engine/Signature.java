package spikemlp.inference.engine;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.card.SynapticLayer;
import spikemlp.contract.network.NetworkConfig;

/** Holds a model card against the graph it came with: tensor names, types and shapes. */
final class Signature {

  private static final long FREE = -1;

  private Signature() {}

  /** What does not fit, naming what the card says and what the graph has; empty if all fits. */
  static List<String> mismatches(ModelCard card, OrtSession session) throws OrtException {
    List<String> found = new ArrayList<>();
    NetworkConfig network = card.network();
    Map<String, long[]> inputs =
        Map.of(
            ModelCard.INPUT_NAME,
            new long[] {
              FREE, NetworkConfig.IMAGE_CHANNELS, network.imageHeight(), network.imageWidth()
            });
    compare("input", inputs, session.getInputInfo(), found);
    int windows = card.topology().windows().size();
    Map<String, long[]> outputs = new LinkedHashMap<>();
    outputs.put(ModelCard.LOGITS_NAME, new long[] {FREE, network.classes()});
    outputs.put(ModelCard.SPIKES_NAME, new long[] {FREE, card.topology().neurons().size()});
    if (windows > 0) {
      outputs.put(ModelCard.WINDOWS_NAME, new long[] {FREE, windows});
    }
    compare("output", outputs, session.getOutputInfo(), found);
    for (SynapticLayer layer : card.topology().synapses()) {
      if (layer.kind() == SynapticLayer.Kind.WINDOWED
          && (layer.window() < 0 || layer.window() >= windows)) {
        found.add(
            "the card's layer "
                + layer.name()
                + " counts by window "
                + layer.window()
                + ", but the card has "
                + windows);
      }
    }
    return found;
  }

  private static void compare(
      String kind, Map<String, long[]> expected, Map<String, NodeInfo> actual, List<String> found) {
    expected.forEach((name, shape) -> {
      Optional<String> is = Optional.ofNullable(actual.get(name)).map(Signature::describe);
      String wanted = describe(OnnxJavaType.FLOAT, shape);
      if (!is.equals(Optional.of(wanted))) {
        found.add(
            "by its card, "
                + kind
                + " '"
                + name
                + "' is "
                + wanted
                + "; the graph's "
                + kind
                + "s are "
                + is.map(one -> "'" + name + "' " + one).orElse(actual.keySet().toString()));
      }
    });
    actual.keySet().stream()
        .filter(name -> kind.equals("input") && !expected.containsKey(name))
        .forEach(name -> found.add("the graph wants an input '" + name + "' the card knows not"));
  }

  private static String describe(NodeInfo info) {
    return info.getInfo() instanceof TensorInfo tensor
        ? describe(tensor.type, tensor.getShape())
        : info.getInfo().toString();
  }

  private static String describe(OnnxJavaType type, long[] shape) {
    return type + Arrays.toString(shape).replace(Long.toString(FREE), "B");
  }
}
