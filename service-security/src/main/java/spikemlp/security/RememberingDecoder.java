package spikemlp.security;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtValidationException;

/**
 * Checks a token's signature once a minute instead of at every request: verifying one costs as much
 * as a small network's inference. Its time and other claims are checked every time. What is
 * remembered is the whole token, so that another signature is another token.
 *
 * <p>Mutable; safe for use by several threads.
 */
final class RememberingDecoder implements JwtDecoder {

  static final Duration KEPT = Duration.ofMinutes(1);
  static final int MOST = 1_000;

  private final JwtDecoder decoder;
  private final OAuth2TokenValidator<Jwt> checks;
  private final Clock clock;
  private final Map<String, Verified> verified =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Verified> eldest) {
          return size() > MOST;
        }
      };

  private record Verified(Jwt jwt, Instant until) {}

  /**
   * A decoder that remembers nothing yet.
   *
   * @param decoder verifies the signature, and checks the claims the first time
   * @param checks of the claims, every other time
   */
  RememberingDecoder(JwtDecoder decoder, OAuth2TokenValidator<Jwt> checks, Clock clock) {
    this.decoder = decoder;
    this.checks = checks;
    this.clock = clock;
  }

  /** Whether the token's signature was found right less than a minute ago. */
  boolean remembers(String token) {
    return remembered(token, clock.instant()).isPresent();
  }

  private Optional<Jwt> remembered(String token, Instant now) {
    Verified known;
    synchronized (verified) {
      known = verified.get(token);
    }
    return Optional.ofNullable(known).filter(one -> now.isBefore(one.until())).map(Verified::jwt);
  }

  @Override
  public Jwt decode(String token) {
    Instant now = clock.instant();
    Optional<Jwt> known = remembered(token, now);
    if (known.isPresent()) {
      return checked(known.get());
    }
    Jwt jwt = decoder.decode(token);
    synchronized (verified) {
      verified.put(token, new Verified(jwt, now.plus(KEPT)));
    }
    return jwt;
  }

  private Jwt checked(Jwt jwt) {
    OAuth2TokenValidatorResult result = checks.validate(jwt);
    if (result.hasErrors()) {
      String first = String.valueOf(result.getErrors().iterator().next().getDescription());
      throw new JwtValidationException(first, result.getErrors());
    }
    return jwt;
  }
}
