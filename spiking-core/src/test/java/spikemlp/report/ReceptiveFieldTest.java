package spikemlp.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import spikemlp.checkpoint.WeightTensor;

class ReceptiveFieldTest {

  @Test
  void extremesHaveTheFullColoursAndZeroIsWhite() {
    DivergingColours colours = new DivergingColours(2);
    assertThat(colours.rgb(2)).isEqualTo(0x67001f);
    assertThat(colours.rgb(-2)).isEqualTo(0x053061);
    assertThat(colours.rgb(0)).isEqualTo(0xf7f7f7);
    assertThat(colours.rgb(-0.0)).isEqualTo(0xf7f7f7);
    assertThat(colours.rgb(1)).isEqualTo(0xef8a62);
    assertThat(colours.rgb(-1)).isEqualTo(0x67a9cf);
    assertThat(colours.rgb(1e30)).isEqualTo(0x67001f);
    assertThatIllegalArgumentException().isThrownBy(() -> colours.rgb(Double.NaN));
    assertThatIllegalArgumentException().isThrownBy(() -> new DivergingColours(0));
  }

  @Test
  void theMapHasOnePixelAWeightAndTheLegendItsNumbers() throws IOException {
    ReceptiveField field = field(new float[] {0.5f, 0, -0.25f, 0, 0.25f, 0, 0, 0, -0.5f});
    Document drawn = Xml.parse(ReceptiveFieldFigure.draw(field).toString());
    List<Element> images = Xml.all(drawn, "image");
    assertThat(images).hasSize(2);
    BufferedImage map = picture(images.getFirst());
    assertThat(map.getWidth()).isEqualTo(3);
    assertThat(map.getHeight()).isEqualTo(3);
    assertThat(map.getRGB(0, 0) & 0xffffff).isEqualTo(0x67001f);
    assertThat(map.getRGB(2, 0) & 0xffffff).as("row 0, column 2").isEqualTo(0x67a9cf);
    assertThat(map.getRGB(0, 2) & 0xffffff).as("row 2, column 0").isEqualTo(0xf7f7f7);
    assertThat(map.getRGB(2, 2) & 0xffffff).isEqualTo(0x053061);
    BufferedImage legend = picture(images.getLast());
    assertThat(legend.getRGB(0, 0) & 0xffffff).as("top").isEqualTo(0x67001f);
    assertThat(legend.getRGB(0, 100) & 0xffffff).as("bottom").isEqualTo(0x053061);
    assertThat(Xml.texts(drawn, "text")).contains("+0.5", "0", "−0.5", "2");
  }

  @Test
  void profilesAreTheFirstMiddleAndLastRow() {
    ReceptiveField field = field(new float[] {1, 0, 0, 0, -1, 0, 0, 0, 1});
    Document drawn = Xml.parse(ReceptiveFieldFigure.draw(field).toString());
    assertThat(Xml.texts(drawn, "span")).containsExactly("row 0", "row 1", "row 2");
    // y goes from 1.05 at 10 to −1.05 at 164, 0 is at 87.
    assertThat(Xml.all(drawn, "polyline").get(1).getAttribute("points"))
        .isEqualTo("44,87 186,160.33 328,87");
  }

  @Test
  void oneWeightOrAllZeroDraws() {
    assertThat(ReceptiveFieldFigure.draw(field(new float[] {0.3f})).toString()).contains("row 0");
    ReceptiveField silent = field(new float[4]);
    assertThat(silent.diagonalDominance()).isZero();
    assertThat(ReceptiveFieldFigure.draw(silent).toString()).doesNotContain("NaN");
  }

  @Test
  void aLargeMatrixIsDrawnByMeansOfBlocks() throws IOException {
    int size = 2 * ReceptiveFieldFigure.MOST_CELLS + 1;
    float[] weights = new float[size * size];
    weights[0] = 3;
    weights[size * size - 1] = -1;
    ReceptiveField field =
        new ReceptiveField("head.token_fc", "Head", ReceptiveField.Axis.TOKENS, size, weights);
    String drawn = ReceptiveFieldFigure.draw(field).toString();
    assertThat(drawn).contains("means of 3×3");
    BufferedImage map = picture(Xml.all(Xml.parse(drawn), "image").getFirst());
    assertThat(map.getWidth()).isEqualTo(171);
    assertThat(map.getRGB(0, 0)).isEqualTo(0xff000000 | new DivergingColours(3).rgb(3 / 9.0));
    assertThat(map.getRGB(170, 170)).isEqualTo(0xff000000 | new DivergingColours(3).rgb(-1 / 9.0));
  }

  @Test
  void dominanceIsTheShareWithinOneOfTheDiagonal() {
    ReceptiveField field = field(new float[] {1, -1, 2, 0, 3, 1, -2, 0, 0});
    assertThat(field.diagonalDominance()).isCloseTo(6 / 10.0, within(1e-12));
    assertThat(field.uniformDominance()).isCloseTo(7 / 9.0, within(1e-12));
  }

  @Test
  void everyTokenFcIsFoundInOrderAndNothingElse() {
    Map<String, WeightTensor> weights = new LinkedHashMap<>();
    weights.put("stages.0.patch.conv.weight", new WeightTensor(new int[] {1, 1}, new float[1]));
    weights.put("stages.0.mixers.0.token_h.fc.weight", square(4));
    weights.put("stages.0.mixers.0.token_h.bn.weight", square(4));
    weights.put("stages.0.mixers.0.token_w.fc.weight", square(3));
    weights.put("stages.12.mixers.34.token_h.fc.weight", square(2));
    weights.put("head.token_fc.fc.weight", square(6));
    List<ReceptiveField> fields = ReceptiveField.of(weights);
    assertThat(fields)
        .extracting(ReceptiveField::layer)
        .containsExactly(
            "stages.0.mixers.0.token_h",
            "stages.0.mixers.0.token_w",
            "stages.12.mixers.34.token_h",
            "head.token_fc");
    assertThat(fields).extracting(ReceptiveField::size).containsExactly(4, 3, 2, 6);
    assertThat(fields.get(2).place()).isEqualTo("Stage 12");
  }

  @Test
  void weightsThatAreNoNumbersAreRefusedWithTheirPlace() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> field(new float[] {1, 2, Float.NaN, 4}))
        .withMessageContaining("NaN at [1, 0]");
  }

  @Test
  void theSummaryHasTheMatrixIfItIsSmall() {
    ReceptiveFieldSummary small = ReceptiveFieldSummary.of(field(new float[] {1, 2, 3, 4}));
    assertThat(small.weights()).isEqualTo(List.of(List.of(1f, 2f), List.of(3f, 4f)));
    assertThat(ReceptiveFieldSummary.of(field(new float[64 * 64])).weights()).hasSize(64);
    ReceptiveFieldSummary large = ReceptiveFieldSummary.of(field(new float[65 * 65]));
    assertThat(large.weights()).isNull();
    assertThat(large.shape()).containsExactly(65, 65);
  }

  private static ReceptiveField field(float[] weights) {
    int size = (int) Math.sqrt(weights.length);
    return new ReceptiveField(
        "stages.0.mixers.0.token_h", "Stage 0", ReceptiveField.Axis.HEIGHT, size, weights);
  }

  private static WeightTensor square(int size) {
    return new WeightTensor(new int[] {size, size}, new float[size * size]);
  }

  private static BufferedImage picture(Element image) throws IOException {
    String data = image.getAttribute("href");
    assertThat(data).startsWith("data:image/png;base64,");
    byte[] png = Base64.getDecoder().decode(data.substring(data.indexOf(',') + 1));
    return ImageIO.read(new ByteArrayInputStream(png));
  }
}
