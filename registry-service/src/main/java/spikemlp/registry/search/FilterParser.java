package spikemlp.registry.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import spikemlp.problem.ProblemException;
import spikemlp.registry.search.Condition.Operator;

/**
 * Reads a filter by recursive descent:
 *
 * <pre>
 * filter     = [ or ] [ "order" "by" field [ "asc" | "desc" ] ]
 * or         = and { "or" and }
 * and        = unary { "and" unary }
 * unary      = "not" unary | "(" or ")" | comparison
 * comparison = field ( = | != | &lt; | &lt;= | &gt; | &gt;= | like | ilike ) ( 'text' | number )
 * </pre>
 *
 * A filter has at most {@value Tokens#MOST_CHARACTERS} characters and {@value #MOST_COMPARISONS}
 * comparisons; brackets and {@code not} nest at most {@value #MOST_DEPTH} deep.
 */
final class FilterParser {

  static final int MOST_DEPTH = 16;
  static final int MOST_COMPARISONS = 32;

  private final List<Token> tokens;
  private final FieldSet fields;
  private int next;
  private int comparisons;

  FilterParser(String filter, FieldSet fields) {
    this.tokens = Tokens.of(filter);
    this.fields = fields;
  }

  /** The search that the whole filter means. */
  Search search(String filter) {
    Optional<Condition> condition =
        token().kind() == Token.Kind.END || token().isWord("order")
            ? Optional.empty()
            : Optional.of(or(0));
    Order order = fields.usual();
    if (token().isWord("order")) {
      next++;
      expectWord("by");
      order = order();
    }
    expectEnd(condition.isPresent() ? "'and', 'or', 'order by' or the end" : "the end");
    return new Search(filter, condition, order);
  }

  /** An order alone: a field and perhaps a direction. */
  Order onlyOrder() {
    Order order = order();
    expectEnd("the end");
    return order;
  }

  private Order order() {
    Field field = field();
    if (token().isWord("desc")) {
      next++;
      return new Order(field, true);
    }
    if (token().isWord("asc")) {
      next++;
    }
    return new Order(field, false);
  }

  private Condition or(int depth) {
    List<Condition> parts = new ArrayList<>(List.of(and(depth)));
    while (token().isWord("or")) {
      next++;
      parts.add(and(depth));
    }
    return parts.size() == 1 ? parts.getFirst() : new Condition.Or(parts);
  }

  private Condition and(int depth) {
    List<Condition> parts = new ArrayList<>(List.of(unary(depth)));
    while (token().isWord("and")) {
      next++;
      parts.add(unary(depth));
    }
    return parts.size() == 1 ? parts.getFirst() : new Condition.And(parts);
  }

  private Condition unary(int depth) {
    Token first = token();
    if (depth > MOST_DEPTH) {
      throw SearchProblems.at(
          first.position(), "brackets and 'not' nest at most " + MOST_DEPTH + " deep");
    }
    if (first.isWord("not")) {
      next++;
      return new Condition.Not(unary(depth + 1));
    }
    if (first.isSymbol("(")) {
      next++;
      Condition inner = or(depth + 1);
      if (!token().isSymbol(")")) {
        throw SearchProblems.at(
            token().position(),
            "expected ')' for the bracket at character "
                + first.position()
                + ", found "
                + token().shown());
      }
      next++;
      return inner;
    }
    return comparison();
  }

  private Condition comparison() {
    Token first = token();
    if (++comparisons > MOST_COMPARISONS) {
      throw SearchProblems.at(
          first.position(), "a filter has at most " + MOST_COMPARISONS + " comparisons");
    }
    Field field = field();
    Token sign = take();
    Operator operator = operator(sign);
    if (operator.isPattern() && field.kind() != Field.Kind.TEXT) {
      throw SearchProblems.at(
          sign.position(), "'" + sign.text() + "' is for texts; " + first.text() + " is none");
    }
    return new Condition.Comparison(field, operator, value(field, first.text()));
  }

  private static Operator operator(Token token) {
    return switch (token.text().toLowerCase(Locale.ROOT)) {
      case "=", "==" -> Operator.EQUAL;
      case "!=", "<>" -> Operator.NOT_EQUAL;
      case "<" -> Operator.LESS;
      case "<=" -> Operator.LESS_OR_EQUAL;
      case ">" -> Operator.GREATER;
      case ">=" -> Operator.GREATER_OR_EQUAL;
      case "like" -> Operator.LIKE;
      case "ilike" -> Operator.ILIKE;
      default ->
          throw SearchProblems.at(
              token.position(),
              "expected =, !=, <, <=, >, >=, like or ilike, found " + token.shown());
    };
  }

  private Field field() {
    Token token = take();
    if (token.kind() != Token.Kind.WORD) {
      throw SearchProblems.at(
          token.position(),
          "expected a field, one of " + fields.names() + ", found " + token.shown());
    }
    int dot = token.text().indexOf('.');
    if (dot < 0) {
      return fields.field(token.text()).orElseThrow(() -> unknown(token));
    }
    Field family = fields.family(token.text().substring(0, dot)).orElseThrow(() -> unknown(token));
    String key = token.text().substring(dot + 1);
    if (key.isEmpty() && token().kind() == Token.Kind.NAME) {
      key = take().text();
    }
    if (key.isEmpty()) {
      throw SearchProblems.at(
          token.position() + token.text().length(),
          "expected a key after '" + token.text() + "', found " + token().shown());
    }
    return family.of(key);
  }

  private ProblemException unknown(Token token) {
    return SearchProblems.at(
        token.position(), token.shown() + " is no field; there are " + fields.names());
  }

  private Object value(Field field, String name) {
    Token token = take();
    return typed(field.kind(), token)
        .orElseThrow(() ->
            SearchProblems.at(
                token.position(),
                name + " is compared with " + field.kind().words() + ", not " + token.shown()));
  }

  private static Optional<Object> typed(Field.Kind kind, Token token) {
    boolean text = token.kind() == Token.Kind.TEXT;
    return switch (kind) {
      case TEXT -> text ? Optional.of(token.text()) : Optional.empty();
      case NUMBER ->
          token.kind() == Token.Kind.NUMBER
              ? Optional.<Object>of(Double.valueOf(token.text()))
                  .filter(number -> Double.isFinite((Double) number))
              : Optional.empty();
      case INSTANT -> text ? Instants.read(token.text()).map(time -> time) : Optional.empty();
    };
  }

  private void expectWord(String word) {
    Token token = take();
    if (!token.isWord(word)) {
      throw SearchProblems.at(token.position(), "expected '" + word + "', found " + token.shown());
    }
  }

  private void expectEnd(String wanted) {
    if (token().kind() != Token.Kind.END) {
      throw SearchProblems.at(
          token().position(), "expected " + wanted + ", found " + token().shown());
    }
  }

  private Token token() {
    return tokens.get(next);
  }

  private Token take() {
    Token token = tokens.get(next);
    if (token.kind() != Token.Kind.END) {
      next++;
    }
    return token;
  }
}
