package spikemlp.security;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.security.core.Authentication;

/** What a token allows. A token with {@link #ADMIN} has every authority. */
public enum Scope {
  /** See jobs, models and versions. */
  READ,
  /** Classify pictures. */
  INFER,
  /** Submit and stop training jobs; register versions and upload their artifacts. */
  TRAIN,
  /** Move aliases; describe and tag models; archive and delete versions. */
  PROMOTE,
  /** Everything. */
  ADMIN;

  /** The name in a token's {@code scope} claim, such as {@code read}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The authority that Spring Security checks, such as {@code SCOPE_read}. */
  public String authority() {
    return "SCOPE_" + label();
  }

  /** Whether the caller's token allows it. */
  public boolean isHeldBy(Authentication caller) {
    return caller.getAuthorities().stream()
        .anyMatch(granted -> authority().equals(granted.getAuthority()));
  }

  /**
   * The scope of that name.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names there are
   */
  public static Scope named(String name) {
    for (Scope scope : values()) {
      if (scope.label().equals(name.strip().toLowerCase(Locale.ROOT))) {
        return scope;
      }
    }
    throw new IllegalArgumentException(
        "no scope is named '"
            + name
            + "'; there are "
            + Arrays.stream(values()).map(Scope::label).collect(Collectors.joining(", ")));
  }

  /** The scopes of a list separated by commas or spaces, such as {@code read,infer}. */
  public static Set<Scope> parse(String names) {
    Set<Scope> scopes = new LinkedHashSet<>();
    for (String name : names.strip().split("[,\\s]+")) {
      scopes.add(named(name));
    }
    return scopes;
  }
}
