package spikemlp.security;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * Prints an access token where there is no launcher, such as in a service's container: {@code java
 * -cp registry.jar spikemlp.security.MintToken SUBJECT SCOPES LIFETIME}.
 */
public final class MintToken {

  private static final String USAGE =
      "usage: MintToken SUBJECT SCOPES LIFETIME, such as: MintToken ada read,infer PT12H";

  private MintToken() {}

  /** Prints the token, or what was wrong and exits with status 2. */
  public static void main(String[] arguments) {
    try {
      Path directory =
          Optional.ofNullable(System.getenv("SPIKEMLP_SECURITY_KEYDIRECTORY"))
              .map(Path::of)
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "SPIKEMLP_SECURITY_KEYDIRECTORY names no folder of the platform's key"));
      System.out.println(mint(directory, arguments));
    } catch (RuntimeException refused) {
      System.err.println(refused.getMessage());
      System.exit(2);
    }
  }

  /**
   * The token.
   *
   * @throws IllegalArgumentException if an argument is missing or wrong, or the platform has not
   *     made its key yet
   */
  static String mint(Path directory, String... arguments) {
    if (arguments.length != 3) {
      throw new IllegalArgumentException(USAGE);
    }
    if (!Files.exists(directory.resolve(PlatformKey.FILE_NAME))) {
      throw new IllegalArgumentException(
          directory + " holds no key; a service makes it when it first starts");
    }
    PlatformTokens tokens =
        new PlatformTokens(PlatformKey.loadOrCreate(directory), Clock.systemUTC());
    return tokens.mint(arguments[0], Scope.parse(arguments[1]), lifetime(arguments[2]));
  }

  private static Duration lifetime(String text) {
    try {
      return Duration.parse(text);
    } catch (DateTimeParseException wrong) {
      throw new IllegalArgumentException(
          "'" + text + "' is no lifetime; write one as ISO 8601 has it, such as PT12H or P7D",
          wrong);
    }
  }
}
