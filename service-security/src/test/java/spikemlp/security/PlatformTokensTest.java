package spikemlp.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtValidationException;

class PlatformTokensTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  @TempDir private Path directory;
  private PlatformKey key;
  private PlatformTokens tokens;

  @BeforeEach
  void key() {
    key = PlatformKey.loadOrCreate(directory);
    tokens = new PlatformTokens(key, at(NOW));
  }

  private static Clock at(Instant instant) {
    return Clock.fixed(instant, ZoneOffset.UTC);
  }

  private Jwt decode(String token, Instant when) {
    return TokenDecoders.platform(key, at(when)).decode(token);
  }

  @Test
  void aTokenSaysWhoWhatAndHowLong() {
    String token = tokens.mint("anna", Set.of(Scope.TRAIN, Scope.READ), Duration.ofHours(1));

    Jwt jwt = decode(token, NOW);

    assertThat(jwt.getSubject()).isEqualTo("anna");
    assertThat(jwt.getAudience()).containsExactly("spikemlp");
    assertThat(jwt.getClaimAsString("iss")).isEqualTo("spikemlp");
    assertThat(jwt.getClaimAsString("scope")).isEqualTo("read train");
    assertThat(jwt.getExpiresAt()).isEqualTo(NOW.plusSeconds(3600));
  }

  @Test
  void aTokenEndsWithItsLifetime() {
    String token = tokens.mint("anna", Set.of(Scope.READ), Duration.ofHours(1));

    assertThat(decode(token, NOW.plusSeconds(3599))).isNotNull();
    assertThatThrownBy(() -> decode(token, NOW.plusSeconds(3700)))
        .isInstanceOf(JwtValidationException.class)
        .hasMessageContaining("expired");
  }

  @Test
  void anotherAudienceIssuerOrNoExpiryIsRefused() throws Exception {
    assertThatThrownBy(() -> decode(signed("spikemlp", "other", true), NOW))
        .isInstanceOf(JwtValidationException.class)
        .hasMessageContaining("aud");
    assertThatThrownBy(() -> decode(signed("other", "spikemlp", true), NOW))
        .isInstanceOf(JwtValidationException.class)
        .hasMessageContaining("iss");
    assertThatThrownBy(() -> decode(signed("spikemlp", "spikemlp", false), NOW))
        .isInstanceOf(JwtValidationException.class)
        .hasMessageContaining("exp");
    assertThat(decode(signed("spikemlp", "spikemlp", true), NOW)).isNotNull();
  }

  private String signed(String issuer, String audience, boolean expires) throws Exception {
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder().issuer(issuer).audience(audience).subject("anna");
    if (expires) {
      claims.expirationTime(Date.from(NOW.plusSeconds(60)));
    }
    SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.ES256), claims.build());
    token.sign(new ECDSASigner(key.privateKey()));
    return token.serialize();
  }

  @Test
  void nonsenseIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tokens.mint("anna", Set.of(), Duration.ZERO))
        .withMessageContaining("PT0S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tokens.mint(" ", Set.of(), Duration.ofDays(1)));
  }

  @Test
  void aServiceTokenIsKeptUntilAMinuteBeforeItsEnd() {
    MovingClock clock = new MovingClock(NOW);
    ServiceToken token =
        new ServiceToken(new PlatformTokens(key, clock), clock, "trainer", Set.of(Scope.TRAIN));

    String first = token.bearer();
    clock.now = NOW.plus(ServiceToken.LIFETIME).minus(ServiceToken.MARGIN);
    assertThat(token.bearer()).isEqualTo(first);
    clock.now = clock.now.plusSeconds(1);
    String second = token.bearer();
    assertThat(second).isNotEqualTo(first);
    assertThat(decode(second, clock.now).getClaimAsString("scope")).isEqualTo("train");
  }

  @Test
  void scopesAreReadByName() {
    assertThat(Scope.parse("read, INFER train"))
        .isEqualTo(Set.copyOf(List.of(Scope.READ, Scope.INFER, Scope.TRAIN)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Scope.parse("read,write"))
        .withMessage("no scope is named 'write'; there are read, infer, train, promote, admin");
  }

  private static final class MovingClock extends Clock {
    private Instant now;

    MovingClock(Instant now) {
      this.now = now;
    }

    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }
}
