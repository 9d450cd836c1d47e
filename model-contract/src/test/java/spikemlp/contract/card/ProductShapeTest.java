package spikemlp.contract.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.PatchEncoding;
import spikemlp.contract.network.Variant;

class ProductShapeTest {

  @ParameterizedTest
  @CsvSource({
    "MLP_SPE_T, 25195875",
    "MLP_SPE_S, 37948455",
    "MLP_SPE_B, 65588703",
    "MLP_S, 34463015"
  })
  void thePublishedVariantsHaveThePapersParameters(Variant variant, long parameters) {
    assertThat(
            ProductShape.of(variant.configure(224, 1000)).stream()
                .mapToLong(ProductShape::parameters)
                .sum())
        .isEqualTo(parameters);
  }

  @Test
  void productsComeInTheTopologysOrder() {
    for (PatchEncoding encoding : PatchEncoding.values()) {
      NetworkConfig config =
          NetworkConfig.of(10, 14, 2, 6, List.of(2, 1, 1), 5).withPatchEncoding(encoding);
      assertThat(ProductShape.of(config))
          .extracting(ProductShape::name)
          .isEqualTo(Topology.of(config).synapses().stream().map(SynapticLayer::name).toList());
    }
  }

  @Test
  void onlyBordersAndTheClassifierTellDenseOperationsApart() {
    NetworkConfig config = NetworkConfig.of(12, 20, 2, 6, List.of(1, 1), 5);
    List<SynapticLayer> layers = Topology.of(config).synapses();
    List<ProductShape> shapes = ProductShape.of(config);
    for (int i = 0; i < layers.size(); i++) {
      ProductShape shape = shapes.get(i);
      if (shape.convolution() && i > 0) {
        assertThat(shape.paddedOperations()).isGreaterThan(layers.get(i).annMacs());
      } else {
        assertThat(shape.paddedOperations()).isEqualTo(layers.get(i).annMacs());
      }
    }
  }

  @Test
  void aNetworkTooLargeToBeCountedIsRefusedWithItsNumbers() {
    assertThatThrownBy(
            () -> ProductShape.of(NetworkConfig.of(1 << 20, 1 << 20, 4, 48, List.of(1, 1), 5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("embeddingDim 48")
        .hasMessageContaining("1048576×1048576")
        .hasMessageContaining("too large to be counted");
    assertThatThrownBy(
            () -> ProductShape.of(NetworkConfig.of(16, 16, 4, 300_000_000, List.of(1, 1), 5)))
        .hasMessageContaining("embeddingDim 300000000");
    assertThatThrownBy(
            () -> ProductShape.of(NetworkConfig.of(16, 16, 4, 3, List.of(1, 2_000_000_000), 5)))
        .hasMessageContaining("depths [1, 2000000000]");
  }
}
