package spikemlp.registry.version;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import spikemlp.contract.network.FieldProblem;
import spikemlp.contract.network.InvalidConfigurationException;
import spikemlp.registry.StoredJson;

/** What tags may be: plain words, never markup that some page could run. */
public final class Tags {

  private static final int MOST = 50;

  private static final int MOST_CHARACTERS = 500;
  private static final int SHOWN = 80;
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final Pattern REFUSED =
      Pattern.compile("[<>\\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069]");

  private Tags() {}

  /**
   * Refuses what cannot be tags.
   *
   * @throws InvalidConfigurationException naming every wrong key and value
   */
  public static void check(Map<String, String> tags) {
    List<FieldProblem> problems = new ArrayList<>();
    if (tags.size() > MOST) {
      problems.add(
          new FieldProblem("tags", tags.size() + " entries", "there may be at most " + MOST));
    }
    new TreeMap<>(tags).forEach((key, value) -> check(key, value, problems));
    if (!problems.isEmpty()) {
      throw new InvalidConfigurationException(problems);
    }
  }

  private static void check(String key, @Nullable String value, List<FieldProblem> problems) {
    if (!KEY.matcher(key).matches()) {
      problems.add(
          new FieldProblem(
              "tags",
              brief(key),
              "a tag's key is 1 to 100 of A-Z, a-z, 0-9, '.', '_', '-' and begins with a letter or"
                  + " digit"));
    } else if (value == null
        || value.length() > MOST_CHARACTERS
        || REFUSED.matcher(value).find()
        || !StoredJson.storable(value)) {
      problems.add(
          new FieldProblem(
              "tags." + key,
              brief(String.valueOf(value)),
              "a tag's value is a text of at most "
                  + MOST_CHARACTERS
                  + " characters, none of them '<', '>', a control character or a change of"
                  + " writing direction"));
    }
  }

  private static String brief(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }
}
