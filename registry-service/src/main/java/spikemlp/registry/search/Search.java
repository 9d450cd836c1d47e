package spikemlp.registry.search;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** Which rows are wanted, and in what order. */
public final class Search {

  private static final int FINGERPRINT_BYTES = 6;

  private final String text;
  private final Optional<Condition> condition;
  private final Order order;

  Search(String text, Optional<Condition> condition, Order order) {
    this.text = text;
    this.condition = condition;
    this.order = order;
  }

  /**
   * The search that a filter means, such as {@code metrics.accuracy > 0.8 and tags.team = 'x' order
   * by metrics.energy_pj}; all rows in the usual order if it is empty.
   *
   * @throws spikemlp.problem.ProblemException 400 {@code invalid-filter} with the position
   */
  public static Search of(String filter, FieldSet fields) {
    return new FilterParser(filter, fields).search(filter);
  }

  /**
   * The same rows in the order of a field, such as {@code name desc}.
   *
   * @throws spikemlp.problem.ProblemException 400 {@code invalid-filter} with the position
   */
  public Search orderedBy(String field, FieldSet fields) {
    return new Search(
        text + " order by " + field, condition, new FilterParser(field, fields).onlyOrder());
  }

  /** The filter as it was given. */
  public String text() {
    return text;
  }

  Optional<Condition> condition() {
    return condition;
  }

  Order order() {
    return order;
  }

  /** Tells this search from others in a page token. */
  String fingerprint() {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(Arrays.copyOf(hash, FINGERPRINT_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has SHA-256
    }
  }
}
