package spikemlp.registry.search;

import java.util.Optional;

/**
 * A field that a filter compares and an order sorts by.
 *
 * @param name as the filter names it
 * @param sql the expression; {@code %s} in it stands for the key's parameter
 * @param kind what its values are
 * @param optional whether a row may lack it
 * @param key the tag or metric, of a family of fields
 * @param container the {@code jsonb} column whose index finds a value of the family
 */
public record Field(
    String name,
    String sql,
    Kind kind,
    boolean optional,
    Optional<String> key,
    Optional<String> container) {

  /** What a field's values are. */
  public enum Kind {
    TEXT("a text in single quotes, such as 'x'"),
    NUMBER("a number, such as 0.8"),
    INSTANT("an ISO 8601 instant in single quotes, such as '2026-01-31T12:00:00Z'");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /** A field that every row has. */
  public static Field of(String name, String sql, Kind kind) {
    return new Field(name, sql, kind, false, Optional.empty(), Optional.empty());
  }

  /** A field that a row may lack. */
  public static Field optional(String name, String sql, Kind kind) {
    return new Field(name, sql, kind, true, Optional.empty(), Optional.empty());
  }

  /** Texts by key in a {@code jsonb} column that has a containment index. */
  public static Field texts(String name, String column) {
    return new Field(
        name,
        "(" + column + " ->> cast(%s as text))",
        Kind.TEXT,
        true,
        Optional.empty(),
        Optional.of(column));
  }

  /** Numbers by key in a {@code jsonb} column. */
  public static Field numbers(String name, String column) {
    return new Field(
        name,
        "cast(" + column + " -> cast(%s as text) as float8)",
        Kind.NUMBER,
        true,
        Optional.empty(),
        Optional.empty());
  }

  /** The field of that key, of a family. */
  Field of(String member) {
    return new Field(name, sql, kind, optional, Optional.of(member), container);
  }

  /** The expression, its key bound. */
  String expression(Bindings bindings) {
    return key.map(member -> sql.formatted(bindings.bind(member))).orElse(sql);
  }
}
