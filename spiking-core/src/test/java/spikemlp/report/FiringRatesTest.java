package spikemlp.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import spikemlp.contract.card.Topology;
import spikemlp.contract.network.NetworkConfig;

class FiringRatesTest {

  private static Map<String, Double> rates() {
    Map<String, Double> rates = new LinkedHashMap<>();
    Topology.of(NetworkConfig.of(32, 32, 4, 48, List.of(1, 12), 10))
        .neurons()
        .forEach(layer -> rates.put(layer.name(), 0.01 * (rates.size() + 1)));
    return rates;
  }

  @Test
  void everyNeuronLayerIsABarOfItsHeightInItsStage() {
    Map<String, Double> rates = rates();
    List<Markup> plots = FiringRates.of(rates).draw();
    assertThat(plots).hasSize(3);
    int bars = 0;
    for (Markup plot : plots) {
      Document drawn = Xml.parse(plot.toString());
      List<Element> rectangles = Xml.all(drawn, "rect");
      bars += rectangles.size();
      assertThat(rectangles)
          .allSatisfy(bar -> {
            double right =
                Double.parseDouble(bar.getAttribute("x"))
                    + Double.parseDouble(bar.getAttribute("width"));
            assertThat(right).isLessThanOrEqualTo(340);
          });
    }
    assertThat(bars).isEqualTo(rates.size());
    Element head = Xml.all(Xml.parse(plots.getLast().toString()), "rect").getFirst();
    // The highest rate takes 1/1.05 of the 136 units that the axis has.
    assertThat(Double.parseDouble(head.getAttribute("height"))).isBetween(129.4, 129.6);
    assertThat(head.getTextContent()).startsWith("Head, head, lif:");
  }

  @Test
  void theTableHasEveryRate() {
    Document table = Xml.parse(FiringRates.of(rates()).table().toString());
    assertThat(Xml.all(table, "tr")).hasSize(1 + 1 + 1 + 1 + 12 + 1);
    assertThat(Xml.texts(table, "td").stream().map(text -> text.replace('\u202f', ' ')))
        .contains("2.00 %", "lif_patch 1.00 %", "lif_1 7.00 %, lif_2 8.00 %, lif_patch 9.00 %");
  }

  @Test
  void silentAndUndefinedRatesDraw() {
    Map<String, Double> rates = Map.of("stages.0.mixers.0.lif_h", 0.0, "head.lif", Double.NaN);
    FiringRates drawn = FiringRates.of(rates);
    assertThat(drawn.draw()).allSatisfy(plot -> assertThat(plot.toString()).doesNotContain("NaN"));
    assertThat(drawn.table().toString()).contains("–").doesNotContain("NaN");
  }
}
