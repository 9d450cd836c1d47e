package spikemlp.security;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import java.net.URI;
import java.time.Clock;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtAudienceValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.SupplierJwtDecoder;

/**
 * Decoders that check signature, issuer, audience and time (a minute's skew is forgiven); a
 * signature for a minute.
 */
final class TokenDecoders {

  private TokenDecoders() {}

  /** For the platform's own tokens: ES256 by its key, nothing else. */
  static RememberingDecoder platform(PlatformKey key, Clock clock) {
    NimbusJwtDecoder decoder =
        NimbusJwtDecoder.withJwkSource(new ImmutableJWKSet<>(new JWKSet(key.publicKey())))
            .jwsAlgorithm(SignatureAlgorithm.ES256)
            .build();
    OAuth2TokenValidator<Jwt> checks =
        checks(PlatformTokens.ISSUER, PlatformTokens.AUDIENCE, clock);
    decoder.setJwtValidator(checks);
    return new RememberingDecoder(decoder, checks, clock);
  }

  /** For an OpenID issuer's; its metadata and keys are fetched when the first token comes. */
  static RememberingDecoder openId(URI issuer, String audience, Clock clock) {
    OAuth2TokenValidator<Jwt> checks = checks(issuer.toString(), audience, clock);
    JwtDecoder first =
        new SupplierJwtDecoder(() -> {
          NimbusJwtDecoder decoder =
              NimbusJwtDecoder.withIssuerLocation(issuer.toString())
                  .jwsAlgorithm(SignatureAlgorithm.RS256)
                  .jwsAlgorithm(SignatureAlgorithm.ES256)
                  .build();
          decoder.setJwtValidator(checks);
          return decoder;
        });
    return new RememberingDecoder(first, checks, clock);
  }

  private static OAuth2TokenValidator<Jwt> checks(String issuer, String audience, Clock clock) {
    JwtTimestampValidator time = new JwtTimestampValidator();
    time.setAllowEmptyExpiryClaim(false);
    time.setClock(clock);
    return new DelegatingOAuth2TokenValidator<>(
        time, new JwtIssuerValidator(issuer), new JwtAudienceValidator(audience));
  }
}
