package spikemlp.registry.search;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * One page of a search. It begins after a row's key, not after a number of rows: a walk through the
 * pages sees each row once though others come meanwhile.
 *
 * @param sql the statement for the page and one row more, which tells whether there is a next
 * @param values of its parameters
 */
public record PageQuery(String sql, Map<String, Object> values, Search search, int limit) {

  private record Found<T>(T item, Place place) {}

  public PageQuery {
    values = Map.copyOf(values);
  }

  /**
   * The page that begins after {@code after}.
   *
   * @throws spikemlp.problem.ProblemException 400 if {@code after} is no page of this search
   */
  public static PageQuery of(Rows rows, Search search, int limit, Optional<String> after) {
    Bindings bindings = new Bindings();
    Order order = search.order();
    List<String> conditions = new ArrayList<>(rows.conditions());
    search.condition().ifPresent(condition -> conditions.add(condition.sql(bindings)));
    after.ifPresent(
        token -> conditions.add(beyond(Place.of(token, search), order, rows, bindings)));
    String direction = order.descending() ? " desc" : "";
    String absentLast = order.field().optional() ? " nulls last" : "";
    String sql =
        rows.projection()
            + ", order_value, tie_value from (select "
            + rows.columns()
            + ", "
            + order.field().expression(bindings)
            + " as order_value, "
            + rows.tie()
            + " as tie_value from "
            + rows.from()
            + (conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions))
            + " order by order_value"
            + direction
            + absentLast
            + ", tie_value"
            + direction
            + " limit "
            + bindings.bind(limit + 1)
            + ") "
            + rows.alias()
            + " order by order_value"
            + direction
            + absentLast
            + ", tie_value"
            + direction;
    Map<String, Object> values = new LinkedHashMap<>(rows.values());
    values.putAll(bindings.values());
    return new PageQuery(sql, values, search, limit);
  }

  /** Reads the page. */
  public <T> Page<T> read(JdbcClient jdbc, RowMapper<T> mapper) {
    List<Found<T>> found =
        jdbc.sql(sql)
            .params(values)
            .query((row, number) -> new Found<>(mapper.mapRow(row, number), place(row)))
            .list();
    List<T> items = found.stream().limit(limit).map(Found::item).toList();
    return found.size() <= limit
        ? new Page<>(items, Optional.empty())
        : new Page<>(items, Optional.of(found.get(limit - 1).place().token(search)));
  }

  private Place place(ResultSet row) throws SQLException {
    @Nullable String value =
        switch (search.order().field().kind()) {
          case TEXT, NUMBER -> row.getString("order_value");
          case INSTANT -> {
            OffsetDateTime time = row.getObject("order_value", OffsetDateTime.class);
            yield time == null ? null : time.toInstant().toString();
          }
        };
    return new Place(Optional.ofNullable(value), row.getString("tie_value"));
  }

  private static String beyond(Place place, Order order, Rows rows, Bindings bindings) {
    String sign = order.descending() ? " < " : " > ";
    Object tie;
    Optional<Object> value;
    try {
      tie = rows.numericTie() ? Long.valueOf(place.tie()) : place.tie();
      value = place.value().map(text -> typed(order.field().kind(), text));
    } catch (NumberFormatException e) {
      throw SearchProblems.page();
    }
    if (value.isEmpty()) {
      if (!order.field().optional()) {
        throw SearchProblems.page();
      }
      return "("
          + order.field().expression(bindings)
          + " is null and "
          + rows.tie()
          + sign
          + bindings.bind(tie)
          + ")";
    }
    String later =
        "("
            + order.field().expression(bindings)
            + ", "
            + rows.tie()
            + ")"
            + sign
            + "("
            + bindings.bind(value.get())
            + ", "
            + bindings.bind(tie)
            + ")";
    return order.field().optional()
        ? "(" + later + " or " + order.field().expression(bindings) + " is null)"
        : later;
  }

  private static Object typed(Field.Kind kind, String text) {
    return switch (kind) {
      case TEXT -> text;
      case NUMBER -> Double.valueOf(text);
      case INSTANT -> Instants.read(text).orElseThrow(SearchProblems::page);
    };
  }
}
