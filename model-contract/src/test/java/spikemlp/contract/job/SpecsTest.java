package spikemlp.contract.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import spikemlp.contract.network.FieldProblem;
import spikemlp.contract.network.InvalidConfigurationException;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.Variant;
import tools.jackson.databind.json.JsonMapper;

class SpecsTest {

  private final JsonMapper json = new JsonMapper();

  @Test
  void anEmptyNetworkSpecIsTheSmallPresetAtTheDataSetsSize() {
    assertThat(NetworkSpec.SMALL.resolve(32, 32, 10))
        .isEqualTo(NetworkConfig.of(32, 32, 4, 48, List.of(2, 2), 10));
  }

  @Test
  void aNamedVariantKeepsItsNumbersUnlessOverridden() {
    NetworkSpec spec =
        json.readValue("{\"variant\":\"mlp-spe-t\",\"timeSteps\":6}", NetworkSpec.class);
    assertThat(spec.resolve(32, 32, 1000))
        .isEqualTo(Variant.MLP_SPE_T.configure(224, 1000).withTimeSteps(6));
  }

  @Test
  void anEmptyTrainingSpecTakesTheDefaults() {
    TrainingPlan plan =
        json.readValue("{}", TrainingSpec.class).resolve(Augmentation.CROP_AND_FLIP);
    assertThat(plan.epochs()).isEqualTo(5);
    assertThat(plan.augmentation()).isEqualTo(Augmentation.CROP_AND_FLIP);
  }

  @Test
  void wrongTrainingNumbersAreAllNamed() {
    TrainingSpec spec = new TrainingSpec(0, 0, Double.NaN, 1.0, -0.1, null, null, null, null, null);
    assertThatThrownBy(() -> spec.resolve(Augmentation.NONE))
        .hasMessageContaining("epochs = 0")
        .hasMessageContaining("batchSize = 0")
        .hasMessageContaining("learningRate = NaN")
        .hasMessageContaining("momentum = 1.0")
        .hasMessageContaining("weightDecay = -0.1");
  }

  @Test
  void everyWrongValueOfANetworkIsNamedAtOnce() {
    NetworkSpec spec =
        json.readValue(
            """
            {"variant": "mlp-spe-x", "skips": "PT+XX", "timeSteps": 0, "embeddingDim": 50}
            """,
            NetworkSpec.class);
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> spec.resolve(32, 32, 10))
        .satisfies(refused ->
            assertThat(refused.problems())
                .extracting(FieldProblem::field)
                .containsExactlyInAnyOrder("variant", "skips", "timeSteps", "embeddingDim"));
  }
}
