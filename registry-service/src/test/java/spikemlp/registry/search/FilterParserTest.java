package spikemlp.registry.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import spikemlp.problem.ProblemException;
import spikemlp.registry.search.Field.Kind;

class FilterParserTest {

  private static final Field NAME = Field.of("name", "m.name", Kind.TEXT);
  private static final FieldSet FIELDS =
      FieldSet.of(
          List.of(NAME, Field.of("created", "m.created_at", Kind.INSTANT)),
          List.of(Field.texts("tags", "m.tags"), Field.numbers("metrics", "m.metrics")),
          new Order(NAME, false));
  private static final Rows ROWS =
      new Rows("select m.name", "m.name", "model m", "m", "m.name", false, List.of(), Map.of());

  @Test
  void theIssuesExampleBindsEveryValueAndWritesNoneOfThem() {
    Bindings bindings = new Bindings();
    Search search =
        Search.of("metrics.accuracy > 0.8 and tags.team = 'x' order by metrics.energy_pj", FIELDS);
    assertThat(search.condition().orElseThrow().sql(bindings))
        .isEqualTo(
            "(coalesce(cast(m.metrics -> cast(:bound0 as text) as float8) > :bound1, false) and"
                + " m.tags @> jsonb_build_object(cast(:bound2 as text), cast(:bound3 as text)))");
    assertThat(bindings.values())
        .isEqualTo(Map.of("bound0", "accuracy", "bound1", 0.8, "bound2", "team", "bound3", "x"));
    assertThat(search.order().field().key()).contains("energy_pj");
    assertThat(search.order().descending()).isFalse();
  }

  @Test
  void andBindsCloserThanOrAndNotClosest() {
    assertThat(sql("not name = 'a' or name = 'b' and (name = 'c' or name like 'd%')"))
        .isEqualTo(
            "(not (m.name = :bound0) or ((m.name = :bound1) and ((m.name = :bound2) or (m.name"
                + " like :bound3 escape ''))))");
  }

  @Test
  void whatLooksLikeSqlStaysAValue() {
    String hostile = "x'' or 1=1; drop table model; --";
    Bindings bindings = new Bindings();
    String sql =
        Search.of("name = '" + hostile + "' and tags.`a')b` != 'c'", FIELDS)
            .condition()
            .orElseThrow()
            .sql(bindings);
    assertThat(sql).doesNotContain("drop", "1=1", "a')b");
    assertThat(bindings.values()).containsValue("x' or 1=1; drop table model; --");
    assertThat(bindings.values()).containsValue("a')b");
  }

  @Test
  void instantsAndQuotedKeysAreRead() {
    Bindings bindings = new Bindings();
    Search.of("created >= '2026-01-31T12:00:00Z' AND metrics.\"top 5\" < -1.5e-3", FIELDS)
        .condition()
        .orElseThrow()
        .sql(bindings);
    assertThat(bindings.values())
        .containsValue(OffsetDateTime.parse("2026-01-31T12:00:00Z"))
        .containsValue("top 5")
        .containsValue(-0.0015);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "name ==|8",
        "name 'x'|6",
        "nme = 'x'|1",
        "name = 'x|8",
        "name = 5|8",
        "metrics.accuracy > 'high'|20",
        "metrics.accuracy > 1e999|20",
        "metrics. > 1|9",
        "metrics = 1|1",
        "created > '31 January'|11",
        "created > '9999999-01-01T00:00:00Z'|11",
        "metrics.a like 'x'|11",
        "name = 'x' name = 'y'|12",
        "(name = 'x'|12",
        "name = 'x')|11",
        "name = 'x' and|15",
        "name = 'x' order metrics.a|18",
        "order by|9",
        "order by name sideways|15",
        "name = 'x' ; drop table model|12",
        "name = 'x' -- comment|12",
        "name = 'x' and 1 = 1|16",
        "name = name|8",
      })
  void whatIsWrongIsSaidWithItsPlace(String filter, int position) {
    ProblemException refused =
        catchThrowableOfType(ProblemException.class, () -> Search.of(filter, FIELDS));
    assertThat(refused).as(filter).isNotNull();
    assertThat(refused.code()).isEqualTo("invalid-filter");
    assertThat(refused.properties()).as(refused.getMessage()).containsEntry("position", position);
  }

  @ParameterizedTest
  @ValueSource(strings = {"name = 'a\u0000b'", "name\n= 'a'", "name = '\ud800'", "nаme = 'x'"})
  void controlCharactersHalvesOfPairsAndLookAlikesAreRefused(String filter) {
    assertThat(catchThrowableOfType(ProblemException.class, () -> Search.of(filter, FIELDS)))
        .isNotNull();
  }

  @Test
  void lengthDepthAndNumberAreBounded() {
    assertThat(refused("name = '" + "x".repeat(1000) + "'")).contains("at most 1000 characters");
    assertThat(refused("(".repeat(17) + "name = 'x'" + ")".repeat(17))).contains("16 deep");
    assertThat(refused("not ".repeat(200) + "name = 'x'")).contains("16 deep");
    assertThat(refused("name='x' or ".repeat(32) + "name='x'")).contains("at most 32 comparisons");
    assertThat(Search.of("(".repeat(16) + "name = 'x'" + ")".repeat(16), FIELDS).condition())
        .isPresent();
  }

  @Test
  void aPageBeginsAfterTheKeyOfTheOneBefore() {
    Search search = Search.of("order by metrics.a desc", FIELDS);
    String token = new Place(Optional.of("0.5"), "digits").token(search);
    PageQuery next = PageQuery.of(ROWS, search, 10, Optional.of(token));
    assertThat(next.sql())
        .contains(
            "m.name) < (", " is null)", "order by order_value desc nulls last, tie_value desc");
    assertThat(next.values()).containsValue(0.5).containsValue("digits").containsValue(11);
    String absent = new Place(Optional.empty(), "digits").token(search);
    assertThat(PageQuery.of(ROWS, search, 10, Optional.of(absent)).sql())
        .contains(" is null and m.name < ");
  }

  @Test
  void aTokenOfAnotherSearchOrOfNoneIsRefused() {
    Search search = Search.of("order by metrics.a", FIELDS);
    Search other = Search.of("order by metrics.b", FIELDS);
    String token = new Place(Optional.of("0.5"), "digits").token(search);
    for (String wrong :
        List.of(
            token,
            "",
            "!!",
            "AAAA",
            new Place(Optional.of("many"), "digits").token(other),
            new Place(Optional.of("1\n2"), "digits").token(other))) {
      assertThat(
              catchThrowableOfType(
                  ProblemException.class, () -> PageQuery.of(ROWS, other, 10, Optional.of(wrong))))
          .as(wrong)
          .hasMessageContaining("after is the next of a page before");
    }
  }

  private static String sql(String filter) {
    return Search.of(filter, FIELDS).condition().orElseThrow().sql(new Bindings());
  }

  private static String refused(String filter) {
    return String.valueOf(
        catchThrowableOfType(ProblemException.class, () -> Search.of(filter, FIELDS)).getMessage());
  }
}
