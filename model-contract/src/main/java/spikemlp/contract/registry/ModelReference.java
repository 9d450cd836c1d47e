package spikemlp.contract.registry;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A model as a request names it: {@code name}, {@code name@alias} or {@code name:version}. The name
 * alone means alias {@code champion} if there is one, else the newest READY version.
 *
 * @param name the registered model
 * @param alias the alias, or null
 * @param version the version number, or null
 */
public record ModelReference(String name, @Nullable String alias, @Nullable Integer version) {

  /** What a model's or an alias's name looks like. */
  public static final String NAME_PATTERN = "[a-z0-9][a-z0-9._-]{0,63}";

  private static final Pattern NAME = Pattern.compile(NAME_PATTERN);
  private static final Pattern REFERENCE =
      Pattern.compile("(" + NAME_PATTERN + ")(?:@(" + NAME_PATTERN + ")|:([1-9][0-9]{0,8}))?");

  /** Whether {@code name} may name a model or an alias. */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /**
   * Reads a reference.
   *
   * @throws IllegalArgumentException if {@code text} is none; the message says what one looks like
   */
  public static ModelReference parse(String text) {
    Matcher matcher = REFERENCE.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' names no model; a model is named NAME, NAME@ALIAS or NAME:VERSION, where names"
              + " are 1 to 64 of a-z, 0-9, '.', '_', '-' and begin with a letter or digit");
    }
    String version = matcher.group(3);
    return new ModelReference(
        matcher.group(1), matcher.group(2), version == null ? null : Integer.valueOf(version));
  }

  @Override
  public String toString() {
    return name + (alias == null ? "" : "@" + alias) + (version == null ? "" : ":" + version);
  }
}
