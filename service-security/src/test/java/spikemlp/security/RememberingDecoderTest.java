package spikemlp.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtValidationException;

/** The platform's decoder as services have it, on a clock that the test moves. */
class RememberingDecoderTest {

  @TempDir private Path directory;
  private final Moved clock = new Moved();
  private PlatformTokens tokens;
  private RememberingDecoder decoder;

  /** A clock that stands until it is moved. */
  private static final class Moved extends Clock {
    private Instant now = Instant.parse("2026-11-23T12:00:00Z");

    void by(Duration duration) {
      now = now.plus(duration);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @BeforeEach
  void key() {
    PlatformKey key = PlatformKey.loadOrCreate(directory);
    tokens = new PlatformTokens(key, clock);
    decoder = TokenDecoders.platform(key, clock);
  }

  @Test
  void aTokenIsVerifiedOnceAMinute() {
    String token = tokens.mint("anna", Set.of(Scope.READ), Duration.ofHours(1));
    Jwt first = decoder.decode(token);
    clock.by(Duration.ofSeconds(59));
    assertThat(decoder.remembers(token)).isTrue();
    assertThat(decoder.decode(token)).isSameAs(first);
    clock.by(Duration.ofSeconds(1));
    assertThat(decoder.remembers(token)).isFalse();
    assertThat(decoder.decode(token)).isNotSameAs(first).isEqualTo(first);
  }

  @Test
  void aRememberedTokenExpires() {
    String token = tokens.mint("anna", Set.of(Scope.READ), Duration.ofSeconds(10));
    decoder.decode(token);
    clock.by(Duration.ofSeconds(71)); // past its end and a minute's skew
    assertThatThrownBy(() -> decoder.decode(token)).isInstanceOf(JwtValidationException.class);
    String skewed = tokens.mint("anna", Set.of(Scope.READ), Duration.ofSeconds(10));
    clock.by(Duration.ofSeconds(30));
    Jwt remembered = decoder.decode(skewed);
    clock.by(Duration.ofSeconds(25));
    assertThat(decoder.decode(skewed)).isSameAs(remembered);
    clock.by(Duration.ofSeconds(20));
    assertThatThrownBy(() -> decoder.decode(skewed))
        .isInstanceOf(JwtValidationException.class)
        .hasMessageContaining("expired");
  }

  @Test
  void anotherSignatureOrOtherClaimsAreAnotherToken() {
    String token = tokens.mint("anna", Set.of(Scope.READ), Duration.ofHours(1));
    String other = tokens.mint("anna", Set.of(Scope.ADMIN), Duration.ofHours(1));
    decoder.decode(token);
    decoder.decode(other);
    String[] parts = token.split("\\.");
    String[] otherParts = other.split("\\.");
    assertThatThrownBy(() -> decoder.decode(parts[0] + "." + otherParts[1] + "." + parts[2]))
        .isInstanceOf(BadJwtException.class);
    assertThatThrownBy(() -> decoder.decode(parts[0] + "." + parts[1] + "." + otherParts[2]))
        .isInstanceOf(BadJwtException.class);
  }

  @Test
  void whatWasRefusedIsNotRemembered() {
    assertThatThrownBy(() -> decoder.decode("no token")).isInstanceOf(BadJwtException.class);
    assertThat(decoder.remembers("no token")).isFalse();
    assertThatThrownBy(() -> decoder.decode("no token")).isInstanceOf(BadJwtException.class);
  }

  @Test
  void onlySoManyAreRemembered() {
    String token = tokens.mint("anna", Set.of(Scope.READ), Duration.ofHours(1));
    Jwt first = decoder.decode(token);
    for (int i = 0; i < RememberingDecoder.MOST; i++) {
      decoder.decode(tokens.mint("user-" + i, Set.of(Scope.READ), Duration.ofHours(1)));
    }
    assertThat(decoder.decode(token)).isNotSameAs(first);
  }
}
