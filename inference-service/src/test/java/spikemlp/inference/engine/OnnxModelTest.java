package spikemlp.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.contract.energy.OperationCounts;
import spikemlp.contract.energy.SpikeActivity;
import spikemlp.inference.fixture.TinyModel;
import tools.jackson.databind.json.JsonMapper;

class OnnxModelTest {

  private static final int INPUTS = 3 * 8 * 8;
  private static final TinyModel GOOD = TinyModel.of(TinyModel.NETWORK, 7);

  @TempDir Path directory;
  private final RunWatch watch = new RunWatch();

  @AfterEach
  void close() {
    watch.close();
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(30));
  }

  private OnnxModel open(byte[] file) throws IOException {
    Path path = Files.write(directory.resolve("model.onnx"), file);
    return OnnxModel.open("tiny:1", path, watch, new Batching.Limits(1, Duration.ZERO));
  }

  private static float[] images(int batch, long seed) {
    Random random = new Random(seed);
    float[] images = new float[batch * INPUTS];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian();
    }
    return images;
  }

  @Test
  void answersWhatTheGraphSays() throws IOException {
    float[] image = images(1, 3);
    try (OnnxModel model = open(GOOD.bytes())) {
      Outputs outputs = model.infer(image, 1, soon());
      assertThat(model.card()).isEqualTo(TinyModel.card(TinyModel.NETWORK));
      float[][] w = GOOD.logitWeights();
      for (int k = 0; k < GOOD.logits(); k++) {
        double logit = 0;
        for (int i = 0; i < INPUTS; i++) {
          logit += image[i] * w[i][k];
        }
        assertThat((double) outputs.logits()[0][k]).isCloseTo(logit, within(1e-4));
      }
      assertThat(outputs.spikes()[0]).isEqualTo(counts(image, GOOD.spikeWeights()));
      assertThat(outputs.windows()[0]).isEqualTo(counts(image, GOOD.windowWeights()));
    }
  }

  private static long[] counts(float[] image, float[][] chosen) {
    long[] counts = new long[chosen[0].length];
    for (int i = 0; i < INPUTS; i++) {
      for (int j = 0; j < counts.length; j++) {
        counts[j] += image[i] > 0 ? (long) chosen[i][j] : 0;
      }
    }
    return counts;
  }

  @Test
  void aSamplesSpikesAndEnergyDoNotDependOnItsCompanionsInTheBatch() throws IOException {
    int batch = 7;
    float[] images = images(batch, 5);
    try (OnnxModel model = open(GOOD.bytes())) {
      Outputs together = model.infer(images, batch, soon());
      for (int b = 0; b < batch; b++) {
        float[] image = Arrays.copyOfRange(images, b * INPUTS, (b + 1) * INPUTS);
        Outputs alone = model.infer(image, 1, soon());
        assertThat(together.spikes()[b]).isEqualTo(alone.spikes()[0]);
        assertThat(operations(model, together, b)).isEqualTo(operations(model, alone, 0));
      }
      assertThat(together.spikes()[0]).isNotEqualTo(together.spikes()[1]);
    }
  }

  private static OperationCounts operations(OnnxModel model, Outputs outputs, int b) {
    return SpikeActivity.recorded(
            model.card().topology(), 4, outputs.spikes()[b], outputs.windows()[b])
        .counts();
  }

  @Test
  void refusesABatchOfAnotherSize() throws IOException {
    try (OnnxModel model = open(GOOD.bytes())) {
      assertThatThrownBy(() -> model.infer(images(1, 1), 2, soon()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a batch of 2 images has 384 values, not 192");
    }
  }

  @Test
  void stopsARunPastItsDeadline() throws IOException {
    try (OnnxModel model = open(GOOD.bytes())) {
      int batch = 4096;
      float[] images = images(batch, 1);
      assertThatThrownBy(() -> model.infer(images, batch, Deadline.in(Duration.ZERO)))
          .isInstanceOf(DeadlineExceededException.class)
          .hasMessageContaining("while it was computed");
      assertThat(model.infer(images(1, 1), 1, soon()).logits()).hasDimensions(1, 4);
    }
  }

  @Test
  void refusesAFileThatIsNoModel() {
    assertRefused("not a model".getBytes(StandardCharsets.UTF_8), "not an ONNX file");
    assertRefused(Arrays.copyOf(GOOD.bytes(), GOOD.bytes().length / 2), "not an ONNX file");
  }

  @Test
  void refusesAFileWithoutACardOrWithAnUnreadableOne() {
    assertRefused(GOOD.withCard(Optional.empty()).bytes(), "has no 'spikemlp.model_card'");
    assertRefused(GOOD.withCard(Optional.of("{\"format\":1}")).bytes(), "card cannot be read");
  }

  @Test
  void refusesACardThatDoesNotFitItsGraphAndNamesBoth() {
    assertRefused(
        GOOD.withLogits(5).bytes(),
        "by its card, output 'logits' is FLOAT[B, 4]; the graph's outputs are 'logits' FLOAT[B, 5]");
    assertRefused(
        GOOD.withInputName("pixels").bytes(),
        "by its card, input 'images' is FLOAT[B, 3, 8, 8]; the graph's inputs are [pixels]");
    assertRefused(GOOD.withWindows(0).bytes(), "by its card, output 'windows' is FLOAT[B, 3]");
  }

  @Test
  void refusesACardWhoseCountsPointOutsideIt() {
    String card = JsonMapper.shared().writeValueAsString(TinyModel.card(TinyModel.NETWORK));
    String wrong = card.replaceFirst("\"window\":0", "\"window\":9");
    assertThat(wrong).isNotEqualTo(card);
    assertRefused(GOOD.withCard(Optional.of(wrong)).bytes(), "counts by window 9");
  }

  @Test
  void refusesValuesInAnotherFile() {
    assertRefused(GOOD.withExternalWeights().bytes(), "values lie in another file");
  }

  @Test
  void refusesLogitsThatAreNotFinite() {
    assertRefused(GOOD.withBias(Float.NaN).bytes(), "the logit of class 'class-0' is NaN");
  }

  private void assertRefused(byte[] file, String reason) {
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(UnusableModelException.class)
        .hasMessageStartingWith("model tiny:1 cannot be served: ")
        .hasMessageContaining(reason)
        .hasMessageNotContaining(directory.toString());
  }
}
