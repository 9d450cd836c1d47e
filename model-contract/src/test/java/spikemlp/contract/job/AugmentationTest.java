package spikemlp.contract.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import spikemlp.contract.network.FieldProblem;
import spikemlp.contract.network.InvalidConfigurationException;
import tools.jackson.databind.json.JsonMapper;

class AugmentationTest {

  private final JsonMapper json = new JsonMapper();

  @Test
  void whatOlderCheckpointsHoldStillReads() {
    assertThat(json.readValue("{\"cropPadding\":4,\"horizontalFlip\":true}", Augmentation.class))
        .isEqualTo(Augmentation.CROP_AND_FLIP);
    String plan =
        """
        {"epochs":5,"batchSize":64,"learningRate":0.1,"momentum":0.9,"weightDecay":0.0,"loss":"MEAN",
        "tetLambda":0.05,"augmentation":{"cropPadding":2,"horizontalFlip":false},"seed":1}
        """;
    assertThat(json.readValue(plan, TrainingPlan.class).augmentation())
        .isEqualTo(new Augmentation(2, false));
  }

  @Test
  void everyRecipeComesBackFromJson() {
    Augmentation.RECIPES.forEach((name, recipe) -> {
      String text = json.writeValueAsString(recipe);
      assertThat(json.readValue(text, Augmentation.class)).as(name).isEqualTo(recipe);
      assertThat(Augmentation.recipe(name)).isEqualTo(recipe);
    });
  }

  @Test
  void theStrongRecipeIsThePapers() {
    assertThat(json.writeValueAsString(Augmentation.STRONG))
        .isEqualTo(
            """
            {"cropPadding":0,"horizontalFlip":true,\
            "resizedCrop":{"leastArea":0.08,"mostArea":1.0,"leastAspect":0.75,"mostAspect":1.3333333333333333},\
            "randAugment":{"operations":2,"magnitude":9.0,"magnitudeSpread":0.5},\
            "colorJitter":{"brightness":0.4,"contrast":0.4,"saturation":0.4},\
            "randomErasing":{"probability":0.25,"leastArea":0.02,"mostArea":0.3333333333333333},\
            "mixing":{"mixupAlpha":0.8,"cutmixAlpha":1.0,"cutmixProbability":0.5}}\
            """);
    assertThat(Augmentation.STRONG.with(RandomResizedCrop.OFF))
        .isEqualTo(
            new Augmentation(
                0,
                true,
                RandomResizedCrop.OFF,
                Augmentation.STRONG_SMALL.randAugment(),
                Augmentation.STRONG_SMALL.colorJitter(),
                Augmentation.STRONG_SMALL.randomErasing(),
                Augmentation.STRONG_SMALL.mixing()));
    assertThat(Augmentation.STRONG_SMALL.cropPadding()).isEqualTo(4);
  }

  @Test
  void anUnknownRecipeIsRefusedWithTheKnownOnes() {
    assertThatThrownBy(() -> Augmentation.recipe("Strong"))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessage(
            "recipe = Strong: must be one of none, crop-and-flip, simple, strong,"
                + " strong-small");
  }

  @Test
  void everyWrongValueIsNamed() {
    wrong(() -> new Augmentation(-1, true), "cropPadding");
    wrong(() -> new Augmentation(513, true), "cropPadding");
    wrong(() -> Augmentation.CROP_AND_FLIP.with(RandomResizedCrop.USUAL), "cropPadding");
    wrong(
        () -> new RandomResizedCrop(0, 1.5, 0, Double.NaN),
        "leastArea",
        "mostArea",
        "leastAspect",
        "mostAspect");
    wrong(() -> new RandomResizedCrop(0.5, 0.4, 2, 1), "leastArea", "leastAspect");
    wrong(() -> new RandAugment(16, 10.5, -1), "operations", "magnitude", "magnitudeSpread");
    wrong(() -> ColorJitter.of(1.01), "brightness", "contrast", "saturation");
    wrong(() -> new RandomErasing(Double.NaN, 0, 2), "probability", "leastArea", "mostArea");
    wrong(() -> new RandomErasing(0.5, 0.4, 0.2), "leastArea");
    wrong(() -> new Mixing(-0.1, 101, 2), "mixupAlpha", "cutmixAlpha", "cutmixProbability");
    assertThatThrownBy(() -> ColorJitter.of(1.5))
        .hasMessageStartingWith("brightness = 1.5: must be from 0 to 1; contrast = 1.5");
  }

  private static void wrong(Runnable making, String... fields) {
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(making::run)
        .satisfies(refused ->
            assertThat(refused.problems()).extracting(FieldProblem::field).containsExactly(fields));
  }
}
