package spikemlp.registry.search;

import java.util.List;
import java.util.Map;

/**
 * A kind of row to search.
 *
 * @param projection what is read of the rows of a page, up to its {@code from}
 * @param columns what the projection reads, of {@code from}
 * @param from tables and joins
 * @param alias the page's rows in the projection
 * @param tie an expression unique among the rows
 * @param numericTie whether it is a whole number, else a text
 * @param conditions that hold whatever is searched for
 * @param values of the conditions' parameters
 */
public record Rows(
    String projection,
    String columns,
    String from,
    String alias,
    String tie,
    boolean numericTie,
    List<String> conditions,
    Map<String, Object> values) {

  public Rows {
    conditions = List.copyOf(conditions);
    values = Map.copyOf(values);
  }
}
