package spikemlp.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MarkupTest {

  @Test
  void whatIsGivenComesBackFromAParserAsItWas() {
    String nasty = "</p><script>alert(\"1\")</script> & 'é' \uD83D\uDE00\t]]>";
    Markup m = new Markup().open("p").with("title", nasty).text(nasty).close();
    assertThat(m.toString()).doesNotContain("<script");
    var parsed = Xml.parse(m.toString()).getDocumentElement();
    assertThat(parsed.getTextContent()).isEqualTo(nasty);
    assertThat(parsed.getAttribute("title")).isEqualTo(nasty.replace('\t', ' '));
  }

  @Test
  void charactersThatXmlCannotHoldAreReplaced() {
    String text = "a\0b\u001bc\uFFFEd" + '\uD800' + "e";
    Markup m = new Markup().element("p", text);
    assertThat(Xml.parse(m.toString()).getDocumentElement().getTextContent())
        .isEqualTo("a\uFFFDb\uFFFDc\uFFFDd\uFFFDe");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void aCoordinateThatIsNoNumberIsRefused(double value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Markup().open("line").with("x1", value))
        .withMessageContaining(Double.toString(value));
  }

  @ParameterizedTest
  @CsvSource({"0,0", "-0.001,0", "1.005,1", "2.5,2.5", "-3.14159,-3.14", "12345678,12345678"})
  void numbersAreShortAndWithoutExponent(double value, String expected) {
    assertThat(Markup.number(value)).isEqualTo(expected);
  }

  @Test
  void mistakesInTheDrawingCodeAreErrors() {
    assertThatIllegalStateException().isThrownBy(() -> new Markup().open("p").toString());
    assertThatIllegalStateException()
        .isThrownBy(() -> new Markup().open("p").text("x").with("title", "late"));
    assertThatIllegalArgumentException().isThrownBy(() -> new Markup().open("p onload=x"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Markup().style("</style><script>alert(1)</script>"));
  }
}
