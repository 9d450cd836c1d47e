package spikemlp.contract.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkConfigTest {

  private static NetworkConfig small() {
    return NetworkConfig.of(32, 32, 4, 48, List.of(2, 2), 10);
  }

  @Test
  void channelsDoubleAndTheGridHalvesAtEachStage() {
    assertThat(Variant.MLP_SPE_T.configure(224, 1000).stages())
        .containsExactly(
            new StageShape(78, 56, 56, 2),
            new StageShape(156, 28, 28, 8),
            new StageShape(312, 14, 14, 14),
            new StageShape(624, 7, 7, 2));
  }

  @Test
  void anOddGridIsRoundedUpBySpeAndDownByPartition() {
    NetworkConfig spe = NetworkConfig.of(28, 20, 4, 48, List.of(1, 1), 10);
    assertThat(spe.stages().get(1)).isEqualTo(new StageShape(96, 4, 3, 1));
    assertThat(spe.withPatchEncoding(PatchEncoding.PARTITION).stages().get(1))
        .isEqualTo(new StageShape(96, 3, 2, 1));
  }

  @Test
  void aSideThatThePatchDoesNotDivideIsRefusedWithTheNearestThatFit() {
    assertThatThrownBy(() -> NetworkConfig.of(30, 32, 4, 48, List.of(2, 2), 10))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessage(
            "imageHeight = 30: patchSize 4 does not divide it; the nearest that fit are 28 and 32");
  }

  @Test
  void channelsThatThreeNodesCannotShareAreRefusedForSpeAlone() {
    assertThatThrownBy(() -> NetworkConfig.of(32, 32, 4, 50, List.of(2, 2), 10))
        .hasMessageContaining("embeddingDim = 50")
        .hasMessageContaining("48 and 51");
    assertThat(NetworkConfig.of(32, 32, 4, 50, List.of(2), 10).stages()).hasSize(1);
  }

  @Test
  void moreStagesThanTheGridHasRoomForAreRefused() {
    assertThatThrownBy(() -> NetworkConfig.of(8, 8, 4, 48, List.of(1, 1, 1), 10))
        .hasMessageContaining("depths = [1, 1, 1]")
        .hasMessageContaining("a first grid of 2×2 has room for 2 stages");
  }

  @Test
  void everyWrongNumberIsNamedAtOnce() {
    InvalidConfigurationException refusal =
        catchThrowableOfType(
            InvalidConfigurationException.class,
            () ->
                new NetworkConfig(
                    32,
                    32,
                    0,
                    48,
                    List.of(),
                    0,
                    PatchEncoding.SPE,
                    Skips.DEFAULT,
                    1,
                    0,
                    Double.NaN,
                    -1,
                    true,
                    Surrogate.SIGMOID,
                    0,
                    2));
    assertThat(refusal.problems())
        .extracting(FieldProblem::field)
        .containsExactly(
            "patchSize",
            "depths",
            "expansionRatio",
            "classes",
            "timeSteps",
            "tau",
            "threshold",
            "bnEps",
            "bnMomentum");
  }

  @Test
  void aCopyWithOneOtherNumberKeepsAllTheRest() {
    NetworkConfig odd = odd(PatchEncoding.SPE, Skips.NONE, 7);
    assertThat(odd.withPatchEncoding(PatchEncoding.PARTITION))
        .isEqualTo(odd(PatchEncoding.PARTITION, Skips.NONE, 7));
    assertThat(odd.withSkips(Skips.DEFAULT)).isEqualTo(odd(PatchEncoding.SPE, Skips.DEFAULT, 7));
    assertThat(odd.withTimeSteps(5)).isEqualTo(odd(PatchEncoding.SPE, Skips.NONE, 5));
  }

  /** A network whose numbers are no defaults and all different. */
  private static NetworkConfig odd(PatchEncoding encoding, Skips skips, int timeSteps) {
    return new NetworkConfig(
        24,
        16,
        8,
        9,
        List.of(1, 6),
        2,
        encoding,
        skips,
        11,
        timeSteps,
        1.5,
        0.75,
        false,
        Surrogate.RECTANGULAR,
        1e-3,
        0.25);
  }

  @Test
  void depthsAreCopied() {
    List<Integer> depths = new java.util.ArrayList<>(List.of(2, 2));
    NetworkConfig config = NetworkConfig.of(32, 32, 4, 48, depths, 10);
    depths.set(0, 7);
    assertThat(config).isEqualTo(small());
  }

  @Test
  void skipsAreReadByName() {
    assertThat(Skips.named("pt+CT")).isEqualTo(new Skips(true, false, false, true));
    assertThat(Skips.named("none")).isEqualTo(Skips.NONE);
    assertThat(Skips.DEFAULT).hasToString("PT+PC+TC");
    assertThatThrownBy(() -> Skips.named("PT+XY")).hasMessageContaining("skips = PT+XY");
  }

  @Test
  void anUnknownVariantIsRefusedWithTheNamesThereAre() {
    assertThat(Variant.named("MLP_S")).isEqualTo(Variant.MLP_S);
    assertThatThrownBy(() -> Variant.named("mlp-xl")).hasMessageContaining("mlp-spe-t, mlp-spe-s");
  }
}
