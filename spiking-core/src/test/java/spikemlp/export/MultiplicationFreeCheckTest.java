package spikemlp.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import spikemlp.contract.card.WeightPrecision;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.PatchEncoding;
import spikemlp.export.OnnxGraph.Attribute;
import spikemlp.export.OnnxGraph.Node;

final class MultiplicationFreeCheckTest {

  private static final NetworkConfig SMALL = NetworkConfig.of(8, 8, 2, 3, List.of(1, 1), 2);

  @ParameterizedTest
  @EnumSource
  void theExportedNetworkIsMultiplicationFree(PatchEncoding encoding) {
    OnnxGraph graph = graph(SMALL.withPatchEncoding(encoding));
    MultiplicationFreeCheck.require(graph);
    assertThat(MultiplicationFreeCheck.holds(graph)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "stages.0.mixers.0.token_h.product, 1, stages.0.patch.every_step",
    "stages.0.mixers.0.token_w.product, 1, stages.0.mixers.0.pt",
    "stages.0.mixers.0.fuse, 0, stages.0.patch.every_step",
    "stages.0.mixers.0.channel_1, 0, stages.0.mixers.0.pt",
    "stages.0.mixers.0.channel_2, 0, stages.0.mixers.0.channel_1",
    "stages.1.patch.input_nodes, 0, stages.0.patch.conv",
    "stages.1.patch.node_1_2, 0, stages.1.patch.node.0",
    "head.token_fc.product, 1, stages.1.mixers.0.tc",
    "logits, 0, stages.1.mixers.0.tc",
    "stages.1.patch.input_nodes, 0, images",
    "stages.0.mixers.0.fuse, 0, stages.0.mixers.0.lif_h.reset.0",
  })
  void aProductOfStatesIsRefusedByName(String node, int operand, String state) {
    OnnxGraph changed = changed(node, old -> withInput(old, operand, state));
    assertThatThrownBy(() -> MultiplicationFreeCheck.require(changed))
        .isInstanceOf(NotMultiplicationFreeException.class)
        .hasMessageContaining("'" + node + "'")
        .hasMessageContaining(state.equals("images") ? "stages.0.patch.conv" : "'" + state + "'");
    assertThat(MultiplicationFreeCheck.holds(changed)).isFalse();
  }

  @Test
  void aNormalisationThatWasNotFoldedIsRefused() {
    assertRefused(
        changed("stages.0.mixers.0.token_h", old -> withOperator(old, "Mul")),
        "'stages.0.mixers.0.token_h' (Mul)");
  }

  @Test
  void scalingIsAllowedOnThePotentialOfANeuronAlone() {
    String leak = "stages.0.lif_patch.leak.0";
    assertRefused(changed(leak, old -> withInput(old, 0, "stages.0.patch.tokens")), leak);
    assertRefused(changed(leak, old -> withInput(old, 1, "stages.0.patch.tokens")), leak);
    assertRefused(changed(leak, old -> withInput(old, 1, "stages.0.mixers.0.fuse.bias")), leak);
    assertRefused(changed("stages.0.lif_patch.reset.0", old -> withAlpha(old, -2f)), leak);
  }

  @Test
  void theImageIsScaledByPowersOfTwoAloneAndReadByOneProduct() {
    String steps = "stages.0.patch.steps";
    assertRefused(changed(steps, old -> withInput(old, 1, "stages.0.patch.conv.bias")), steps);
    assertRefused(changed(steps, old -> withInput(old, 1, "images")), steps);
    assertRefused(changed(steps, old -> withInput(old, 1, "scalar.0.0")), steps);
    String fuse = "stages.0.mixers.0.fuse";
    assertRefused(
        changed(fuse, old -> withInput(old, 0, "stages.0.patch.windows")), "stages.0.patch.conv");
    String conv = "stages.0.patch.conv";
    assertRefused(changed(conv, old -> withInput(old, 1, "stages.0.patch.windows")), conv);
    assertRefused(
        changed("stages.0.patch.clip", old -> withInput(old, 1, "stages.0.patch.conv.bias")),
        steps);
  }

  @Test
  void spikesAreMadeByAComparisonAlone() {
    String fire = "stages.0.mixers.0.lif_token.fire.3";
    String reader = "stages.0.mixers.0.channel_1";
    assertRefused(changed(fire, old -> withOperator(old, "Add")), reader);
    assertRefused(changed(fire, old -> withOperator(old, "ThresholdedRelu")), reader);
  }

  @Test
  void whatTheCheckDoesNotKnowIsRefused() {
    assertRefused(
        changed("stages.0.mixers.0.pt", old -> withOperator(old, "Einsum")),
        "'stages.0.mixers.0.pt' (Einsum)");
    assertRefused(
        changed("stages.0.mixers.0.pt", old -> withInput(old, 0, "elsewhere")), "'elsewhere'");
    assertRefused(changed("stages.0.mixers.0.fuse", old -> withAlpha(old, 0.5f)), "alpha");
  }

  @Test
  void eightBitWeightsAreAddedForSpikesAlone() {
    OnnxGraph graph = graph(SMALL, WeightPrecision.INT8);
    MultiplicationFreeCheck.require(graph);
    String fuse = "stages.0.mixers.0.fuse";
    assertThat(graph.nodes())
        .filteredOn(node -> node.operator().equals(QuantisedProduct.OPERATOR))
        .extracting(Node::name)
        .contains(fuse, "stages.0.mixers.0.channel_1", "stages.0.mixers.0.channel_2");
    assertRefused(changed(graph, fuse, old -> withInput(old, 0, "stages.0.patch.tokens")), fuse);
    assertRefused(changed(graph, fuse, old -> withInput(old, 3, "stages.0.patch.tokens")), fuse);
    assertRefused(
        changed(graph, fuse, old -> withInput(old, 4, "stages.0.mixers.0.fuse.weight")),
        "zero point");
  }

  private static void assertRefused(OnnxGraph graph, String named) {
    assertThatThrownBy(() -> MultiplicationFreeCheck.require(graph))
        .isInstanceOf(NotMultiplicationFreeException.class)
        .hasMessageContaining(named);
  }

  private static OnnxGraph changed(String name, UnaryOperator<Node> change) {
    return changed(graph(SMALL), name, change);
  }

  private static OnnxGraph changed(OnnxGraph graph, String name, UnaryOperator<Node> change) {
    assertThat(graph.nodes()).anyMatch(node -> node.name().equals(name));
    List<Node> nodes = new ArrayList<>(graph.nodes());
    nodes.replaceAll(node -> node.name().equals(name) ? change.apply(node) : node);
    return new OnnxGraph(
        nodes, graph.constants(), graph.inputs(), graph.outputs(), graph.metadata());
  }

  private static Node withInput(Node node, int operand, String value) {
    List<String> inputs = new ArrayList<>(node.inputs());
    inputs.set(operand, value);
    return new Node(node.name(), node.operator(), inputs, node.outputs(), node.attributes());
  }

  private static Node withOperator(Node node, String operator) {
    return new Node(node.name(), operator, node.inputs(), node.outputs(), Map.of());
  }

  private static Node withAlpha(Node node, float alpha) {
    return new Node(
        node.name(),
        node.operator(),
        node.inputs(),
        node.outputs(),
        Map.of("alpha", Attribute.of(alpha)));
  }

  private static OnnxGraph graph(NetworkConfig config) {
    return graph(config, WeightPrecision.FP32);
  }

  private static OnnxGraph graph(NetworkConfig config, WeightPrecision precision) {
    return NetworkGraph.of(RandomWeights.of(config, 1), Cards.of(config), precision, Map.of());
  }
}
