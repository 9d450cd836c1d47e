package spikemlp.security;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The token with which one service calls another: a platform token of five minutes, minted anew
 * when less than one is left. Mutable (the current token); safe for use by several threads.
 */
public final class ServiceToken {

  static final Duration LIFETIME = Duration.ofMinutes(5);
  static final Duration MARGIN = Duration.ofMinutes(1);

  private final PlatformTokens tokens;
  private final Clock clock;
  private final String service;
  private final Set<Scope> scopes;
  private @Nullable Minted current;

  /**
   * @param service the calling service's name, the token's subject
   * @param scopes what it may do; at least one
   */
  public ServiceToken(PlatformTokens tokens, Clock clock, String service, Set<Scope> scopes) {
    this.tokens = tokens;
    this.clock = clock;
    this.service = service;
    this.scopes = EnumSet.copyOf(scopes);
  }

  /** The token itself, to be sent as {@code Authorization: Bearer TOKEN}; valid for a minute. */
  public synchronized String bearer() {
    Instant now = clock.instant();
    Minted minted = current;
    if (minted == null || now.isAfter(minted.expires().minus(MARGIN))) {
      minted = new Minted(tokens.mint(service, scopes, LIFETIME), now.plus(LIFETIME));
      current = minted;
    }
    return minted.token();
  }

  private record Minted(String token, Instant expires) {}
}
