package spikemlp.registry.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.Optional;

/**
 * A row's place in a search's order.
 *
 * @param value of the field ordered by, as text; empty if the row lacks it
 * @param tie tells rows of the same value apart
 */
record Place(Optional<String> value, String tie) {

  /** The token that stands for the place, good for this search alone. */
  String token(Search search) {
    String text =
        search.fingerprint() + "\n" + value.map(given -> "=" + given).orElse("-") + "\n" + tie;
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }

  /**
   * The place that a token stands for.
   *
   * @throws spikemlp.problem.ProblemException 400 if it stands for none of this search
   */
  static Place of(String token, Search search) {
    String text;
    try {
      text = new String(Base64.getUrlDecoder().decode(token), UTF_8);
    } catch (IllegalArgumentException e) {
      throw SearchProblems.page();
    }
    String[] parts = text.split("\n", -1);
    if (parts.length != 3
        || !parts[0].equals(search.fingerprint())
        || !(parts[1].equals("-") || parts[1].startsWith("="))
        || text.chars().anyMatch(c -> Character.isISOControl(c) && c != '\n')) {
      throw SearchProblems.page();
    }
    Optional<String> value =
        parts[1].startsWith("=") ? Optional.of(parts[1].substring(1)) : Optional.empty();
    return new Place(value, parts[2]);
  }
}
