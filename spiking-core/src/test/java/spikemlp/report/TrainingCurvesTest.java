package spikemlp.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import spikemlp.contract.job.EpochMetrics;

class TrainingCurvesTest {

  @Test
  void eachEpochIsAPointAtItsPlace() {
    List<Markup> plots =
        TrainingCurves.draw(
            List.of(
                epoch(1, 2.0, 0.25, 0.5, 1.8),
                epoch(2, 1.0, 0.5, 0.75, 0.9),
                epoch(3, 0.5, 1, 1, 0.5)));
    assertThat(plots).hasSize(2);
    Document loss = Xml.parse(plots.get(0).toString());
    // The x axis goes from 44 to 328; the y axis from 2.1 at 10 to 0 at 164.
    assertThat(points(loss))
        .containsExactly("44,17.33 186,90.67 328,127.33", "44,32 186,98 328,127.33");
    Document accuracy = Xml.parse(plots.get(1).toString());
    assertThat(points(accuracy)).containsExactly("44,125.5 186,87 328,10", "44,87 186,48.5 328,10");
    assertThat(Xml.texts(accuracy, "span")).containsExactly("training", "test");
    assertThat(Xml.texts(accuracy, "text")).contains("1", "2", "3", "epoch");
  }

  @Test
  void oneEpochStandsInTheMiddle() {
    Document accuracy =
        Xml.parse(TrainingCurves.draw(List.of(epoch(1, 2, 0.5, 0.5, 2.0))).get(1).toString());
    assertThat(points(accuracy)).containsExactly("186,87", "186,87");
    assertThat(Xml.all(accuracy, "circle")).hasSize(2);
    assertThat(Xml.texts(accuracy, "text")).contains("1");
  }

  @Test
  void aCurveWithoutTestLossHasOneLineAndNoneWithoutEpochs() {
    Document loss =
        Xml.parse(TrainingCurves.draw(List.of(epoch(1, 2, 0, 0, null))).get(0).toString());
    assertThat(Xml.texts(loss, "span")).containsExactly("training");
    assertThat(TrainingCurves.draw(List.of())).isEmpty();
  }

  @Test
  void whatIsNoNumberIsLeftOutAndTheLineBreaksThere() {
    String plot =
        TrainingCurves.draw(
                List.of(
                    epoch(1, 2, 0, 0, 1.0),
                    epoch(2, Double.NaN, 0, 0, Double.POSITIVE_INFINITY),
                    epoch(3, 1, 0, 0, 1.0),
                    epoch(4, 1, 0, 0, 1.0)))
            .get(0)
            .toString();
    assertThat(plot).doesNotContain("NaN", "Infinity");
    assertThat(points(Xml.parse(plot))).hasSize(4);
  }

  @Test
  void aLossOfZeroIsDrawn() {
    assertThat(TrainingCurves.draw(List.of(epoch(1, 0, 1, 1, 0.0)))).hasSize(2);
  }

  private static List<String> points(Document plot) {
    return Xml.all(plot, "polyline").stream()
        .map((Element line) -> line.getAttribute("points"))
        .toList();
  }

  private static EpochMetrics epoch(
      int epoch, double loss, double train, double test, @Nullable Double testLoss) {
    return new EpochMetrics(epoch, loss, train, test, 0.1, 100, testLoss);
  }
}
