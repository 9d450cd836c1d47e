package spikemlp.registry.search;

import java.util.List;
import java.util.stream.Collectors;

/** What a row must fulfil. */
sealed interface Condition {

  /** How a field and a value are compared. */
  enum Operator {
    EQUAL("="),
    NOT_EQUAL("<>"),
    LESS("<"),
    LESS_OR_EQUAL("<="),
    GREATER(">"),
    GREATER_OR_EQUAL(">="),
    LIKE("like"),
    ILIKE("ilike");

    private final String sql;

    Operator(String sql) {
      this.sql = sql;
    }

    String sql() {
      return sql;
    }

    boolean isPattern() {
      return this == LIKE || this == ILIKE;
    }
  }

  /** All of these. */
  record And(List<Condition> parts) implements Condition {
    public And {
      parts = List.copyOf(parts);
    }

    @Override
    public String sql(Bindings bindings) {
      return joined(parts, " and ", bindings);
    }
  }

  /** Any of these. */
  record Or(List<Condition> parts) implements Condition {
    public Or {
      parts = List.copyOf(parts);
    }

    @Override
    public String sql(Bindings bindings) {
      return joined(parts, " or ", bindings);
    }
  }

  /** Not this. */
  record Not(Condition part) implements Condition {
    @Override
    public String sql(Bindings bindings) {
      return "not " + part.sql(bindings);
    }
  }

  /**
   * A field against a value; false where the row lacks the field.
   *
   * @param value a String, a Double or an OffsetDateTime, as the field's kind is
   */
  record Comparison(Field field, Operator operator, Object value) implements Condition {
    @Override
    public String sql(Bindings bindings) {
      if (operator == Operator.EQUAL && field.container().isPresent()) {
        return field.container().get()
            + " @> jsonb_build_object(cast("
            + bindings.bind(field.key().orElseThrow())
            + " as text), cast("
            + bindings.bind(value)
            + " as text))";
      }
      String comparison =
          field.expression(bindings)
              + " "
              + operator.sql()
              + " "
              + bindings.bind(value)
              + (operator.isPattern() ? " escape ''" : "");
      return field.optional() ? "coalesce(" + comparison + ", false)" : "(" + comparison + ")";
    }
  }

  /** The condition as SQL in brackets, every value of the caller's bound to a parameter. */
  String sql(Bindings bindings);

  private static String joined(List<Condition> parts, String word, Bindings bindings) {
    return parts.stream()
        .map(part -> part.sql(bindings))
        .collect(Collectors.joining(word, "(", ")"));
  }
}
