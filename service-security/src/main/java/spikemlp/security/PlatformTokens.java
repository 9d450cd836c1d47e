package spikemlp.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Signs access tokens with the platform's key. Safe for use by several threads. */
public final class PlatformTokens {

  /** The {@code iss} claim of every platform token. */
  public static final String ISSUER = "spikemlp";

  /** The {@code aud} claim that services ask for, unless configured otherwise. */
  public static final String AUDIENCE = "spikemlp";

  private final PlatformKey key;
  private final Clock clock;

  public PlatformTokens(PlatformKey key, Clock clock) {
    this.key = key;
    this.clock = clock;
  }

  /**
   * A signed JWT.
   *
   * @param subject whom it is for, such as a user's or a service's name
   * @param scopes what it allows; may be empty
   * @param lifetime how long from now; positive
   * @throws IllegalArgumentException if {@code subject} is blank or {@code lifetime} not positive
   */
  public String mint(String subject, Set<Scope> scopes, Duration lifetime) {
    if (subject.isBlank()) {
      throw new IllegalArgumentException("a token's subject is not blank");
    }
    if (!lifetime.isPositive()) {
      throw new IllegalArgumentException("a token's lifetime is positive, not " + lifetime);
    }
    Instant now = clock.instant();
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer(ISSUER)
            .audience(AUDIENCE)
            .subject(subject)
            .jwtID(UUID.randomUUID().toString())
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(lifetime)))
            .claim(
                "scope",
                scopes.stream().sorted().map(Scope::label).collect(Collectors.joining(" ")))
            .build();
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .keyID(key.privateKey().getKeyID())
            .type(JOSEObjectType.JWT)
            .build();
    SignedJWT token = new SignedJWT(header, claims);
    try {
      token.sign(new ECDSASigner(key.privateKey()));
    } catch (JOSEException e) {
      throw new IllegalStateException("this Java runtime cannot sign with ES256", e);
    }
    return token.serialize();
  }
}
