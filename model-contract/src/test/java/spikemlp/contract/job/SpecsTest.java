package spikemlp.contract.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import spikemlp.contract.card.StartMode;
import spikemlp.contract.network.FieldProblem;
import spikemlp.contract.network.InvalidConfigurationException;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.Skips;
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
        json.readValue("{}", TrainingSpec.class).resolve(Augmentation.CROP_AND_FLIP, 32);
    assertThat(plan.epochs()).isEqualTo(5);
    assertThat(plan.augmentation()).isEqualTo(Augmentation.CROP_AND_FLIP);
  }

  @Test
  void wrongTrainingNumbersAreAllNamed() {
    TrainingSpec spec = new TrainingSpec(0, 0, Double.NaN, 1.0, -0.1, null, null, null, null, null);
    assertThatThrownBy(() -> spec.resolve(Augmentation.NONE, 32))
        .hasMessageContaining("epochs = 0")
        .hasMessageContaining("batchSize = 0")
        .hasMessageContaining("learningRate = NaN")
        .hasMessageContaining("momentum = 1.0")
        .hasMessageContaining("weightDecay = -0.1");
  }

  @Test
  void everyWrongValueOfAnOptimisationIsNamedAtOnce() {
    TrainingSpec spec =
        json.readValue(
            """
            {"epochs": 0, "recipe": "mild", "gradientClip": -1, "labelSmoothing": 1, "emaDecay": 1.5,
             "schedule": {"kind": "STEP", "warmupEpochs": -2, "milestones": [3, 3], "factor": 0,
                          "everyEpochs": 2}}
            """,
            TrainingSpec.class);
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> spec.resolve(Augmentation.NONE, 32))
        .withMessageContaining("there are simple, strong")
        .satisfies(refused ->
            assertThat(refused.problems())
                .extracting(FieldProblem::field)
                .containsExactlyInAnyOrder(
                    "recipe",
                    "schedule.warmupEpochs",
                    "schedule.milestones",
                    "schedule.factor",
                    "schedule.kind",
                    "gradientClip",
                    "labelSmoothing",
                    "emaDecay",
                    "epochs"));
  }

  @Test
  void aScheduleThatContradictsItselfIsRefused() {
    for (String schedule :
        List.of(
            "{\"kind\":\"STEP\"}",
            "{\"milestones\":[1]}",
            "{\"kind\":\"CONSTANT\",\"everyEpochs\":1}",
            "{\"milestones\":[null]}",
            "{\"warmupEpochs\":5}")) {
      TrainingSpec spec =
          json.readValue("{\"epochs\":5,\"schedule\":" + schedule + "}", TrainingSpec.class);
      assertThatExceptionOfType(InvalidConfigurationException.class)
          .as(schedule)
          .isThrownBy(() -> spec.resolve(Augmentation.NONE, 32))
          .withMessageContaining("schedule.");
    }
  }

  @Test
  void aRecipeGivesValuesThatSingleFieldsOverride() {
    TrainingPlan strong =
        json.readValue("{\"recipe\":\"strong\"}", TrainingSpec.class)
            .resolve(Augmentation.NONE, 32);
    assertThat(strong.optimisation().optimizer()).isEqualTo(Optimizer.SGD);
    assertThat(strong.optimisation().labelSmoothing()).isEqualTo(0.1);
    assertThat(strong.learningRate()).isEqualTo(0.1);
    TrainingPlan overridden =
        json.readValue(
                """
                {"recipe": "Strong", "optimizer": "ADAMW", "labelSmoothing": 0, "emaDecay": 0.999,
                 "schedule": {"warmupEpochs": 0.5}}
                """,
                TrainingSpec.class)
            .resolve(Augmentation.NONE, 32);
    assertThat(overridden.optimisation())
        .isEqualTo(
            new Optimisation(
                Optimizer.ADAMW,
                new LearningRateSchedule(LearningRateSchedule.Kind.COSINE, 0.5, List.of(), 0, 0.1),
                0,
                0,
                0.999));
    assertThat(overridden.learningRate()).isEqualTo(0.001);
    assertThat(overridden.weightDecay()).isEqualTo(0.01);
  }

  @Test
  void whatVariesImagesFollowsFromRecipeSizeAndRequest() {
    TrainingSpec strong = json.readValue("{\"recipe\":\"strong\"}", TrainingSpec.class);
    assertThat(strong.resolve(Augmentation.CROP_AND_FLIP, 32).augmentation())
        .isEqualTo(Augmentation.STRONG_SMALL);
    assertThat(strong.resolve(Augmentation.CROP_AND_FLIP, 224).augmentation())
        .isEqualTo(Augmentation.STRONG);
    assertThat(strong.resolve(new Augmentation(4, false), 32).augmentation().horizontalFlip())
        .isFalse();
    assertThat(TrainingSpec.DEFAULT.resolve(Augmentation.CROP_AND_FLIP, 224).augmentation())
        .isEqualTo(Augmentation.SIMPLE);
    Augmentation ours =
        json.readValue(
                """
                {"recipe": "strong", "horizontalFlip": false,
                 "augmentation": {"recipe": "crop-and-flip", "mixing": {"mixupAlpha": 0.2, "cutmixAlpha": 0, "cutmixProbability": 0}}}
                """,
                TrainingSpec.class)
            .resolve(Augmentation.NONE, 32)
            .augmentation();
    assertThat(ours.cropPadding()).isEqualTo(4);
    assertThat(ours.horizontalFlip()).isFalse();
    assertThat(ours.mixing().mixupAlpha()).isEqualTo(0.2);
    assertThat(ours.randAugment()).isEqualTo(RandAugment.OFF);
  }

  @Test
  void aWrongAugmentationIsNamedWithItsPlace() {
    TrainingSpec spec =
        json.readValue(
            "{\"cropPadding\":-2,\"augmentation\":{\"recipe\":\"weak\"}}", TrainingSpec.class);
    assertThatThrownBy(() -> spec.resolve(Augmentation.NONE, 32))
        .hasMessageContaining("augmentation.recipe")
        .hasMessageContaining("strong-small");
    TrainingSpec padding = json.readValue("{\"cropPadding\":-2}", TrainingSpec.class);
    assertThatThrownBy(() -> padding.resolve(Augmentation.NONE, 32))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageStartingWith("cropPadding");
  }

  @Test
  void aPlanWrittenBeforeThereWereOptimisationsStillReads() {
    String old =
        """
        {"augmentation":{"cropPadding":4,"horizontalFlip":true},"batchSize":64,"epochs":5,\
        "learningRate":0.1,"loss":"MEAN","momentum":0.9,"seed":1,"tetLambda":0.05,\
        "weightDecay":0.0}
        """;
    assertThat(json.readValue(old, TrainingPlan.class))
        .isEqualTo(TrainingSpec.DEFAULT.resolve(Augmentation.CROP_AND_FLIP, 32));
  }

  @Test
  void aPlanGoesThroughJsonUnchanged() {
    TrainingPlan plan =
        TrainingSpec.DEFAULT
            .resolve(Augmentation.NONE, 32)
            .withOptimisation(
                new Optimisation(
                    Optimizer.ADAMW,
                    new LearningRateSchedule(
                        LearningRateSchedule.Kind.STEP, 0.25, List.of(2, 4), 0, 0.5),
                    1.5,
                    0.1,
                    0.99));
    assertThat(json.readValue(json.writeValueAsString(plan), TrainingPlan.class)).isEqualTo(plan);
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

  @Test
  void aRequestWithoutAStartIsReadAsBeforeAndOneWithAStartIsRead() {
    String old =
        """
        {"name": "digits", "dataSet": {"kind": "digits"}, "network": null, "training": null}
        """;
    assertThat(json.readValue(old, TrainingJobRequest.class))
        .isEqualTo(new TrainingJobRequest("digits", DataSetSpec.digits(), null, null));
    StartSpec start = json.readValue("{\"model\": \"digits\", \"version\": 3}", StartSpec.class);
    assertThat(start).isEqualTo(new StartSpec("digits", null, 3, null));
    assertThat(start.modeOrDefault()).isEqualTo(StartMode.INHERIT);
  }

  @Test
  void aNetworkThatStartsFromAnotherTakesItsNumbersButForTimeStepsAndNeuron() {
    NetworkConfig start =
        NetworkConfig.of(24, 40, 8, 6, List.of(1, 1), 5).withSkips(Skips.named("PT+CT"));
    assertThat(NetworkSpec.SMALL.resolveFrom(start, 5)).isEqualTo(start);
    NetworkSpec spec =
        json.readValue(
            """
            {"timeSteps": 6, "threshold": 0.5, "patchSize": 8, "depths": [1, 1], "skips": "ct+pt"}
            """,
            NetworkSpec.class);
    NetworkConfig config = spec.resolveFrom(start, 7);
    assertThat(config.stages()).isEqualTo(start.stages());
    assertThat(config.skips()).isEqualTo(start.skips());
    assertThat(config.timeSteps()).isEqualTo(6);
    assertThat(config.threshold()).isEqualTo(0.5);
    assertThat(config.classes()).isEqualTo(7);
    NetworkConfig published = Variant.MLP_SPE_T.configure(224, 5).withTimeSteps(2);
    NetworkSpec variant = json.readValue("{\"variant\": \"mlp-spe-t\"}", NetworkSpec.class);
    assertThat(variant.resolveFrom(published, 5)).isEqualTo(published);
  }

  @Test
  void whatContradictsTheStartsNetworkIsAllNamedWithBothValues() {
    NetworkConfig start = NetworkConfig.of(24, 40, 8, 6, List.of(1, 1), 5);
    NetworkSpec spec =
        json.readValue(
            """
            {"imageHeight": 32, "imageWidth": 48, "patchSize": 4, "embeddingDim": 48,
             "depths": [2, 2], "expansionRatio": 4, "patchEncoding": "PARTITION", "skips": "none",
             "timeSteps": 0, "tau": 0.5}
            """,
            NetworkSpec.class);
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> spec.resolveFrom(start, 5))
        .withMessageContaining("embeddingDim = 48: the start version has 6,")
        .withMessageContaining("depths = [2, 2]: the start version has [1, 1],")
        .withMessageContaining("skips = none: the start version has PT+PC+TC,")
        .satisfies(refused ->
            assertThat(refused.problems())
                .extracting(FieldProblem::field)
                .containsExactlyInAnyOrder(
                    "imageHeight",
                    "imageWidth",
                    "patchSize",
                    "embeddingDim",
                    "depths",
                    "expansionRatio",
                    "patchEncoding",
                    "skips",
                    "timeSteps",
                    "tau"));
    NetworkSpec variant =
        json.readValue("{\"variant\": \"mlp-s\", \"imageHeight\": 24}", NetworkSpec.class);
    assertThatThrownBy(() -> variant.resolveFrom(start, 5))
        .hasMessageContaining("variant = mlp-s: has embeddingDim 96, the start version 6")
        .hasMessageContaining("variant = mlp-s: has patchEncoding PARTITION")
        .hasMessageContaining("variant = mlp-s: has imageWidth 224")
        .hasMessageNotContaining("imageHeight");
    NetworkSpec unknown = json.readValue("{\"variant\": \"mlp-x\"}", NetworkSpec.class);
    assertThatThrownBy(() -> unknown.resolveFrom(start, 5)).hasMessageContaining("mlp-spe-t");
  }
}
