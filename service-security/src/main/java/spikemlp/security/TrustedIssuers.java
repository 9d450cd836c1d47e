package spikemlp.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationManagerResolver;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationProvider;
import org.springframework.security.oauth2.server.resource.authentication.JwtIssuerAuthenticationManagerResolver;

/**
 * Has a token checked by whom its issuer says. A token that was verified a moment ago is not parsed
 * again to learn its issuer.
 */
final class TrustedIssuers implements AuthenticationManagerResolver<HttpServletRequest> {

  private final List<Issuer> issuers;
  private final AuthenticationManagerResolver<HttpServletRequest> byClaim;

  private record Issuer(RememberingDecoder decoder, AuthenticationManager manager) {}

  /**
   * Trusts these and no other.
   *
   * @param decoders by issuer, as the claim {@code iss} names it
   */
  TrustedIssuers(Map<String, RememberingDecoder> decoders) {
    Map<String, AuthenticationManager> managers = new HashMap<>();
    List<Issuer> trusted = new ArrayList<>();
    decoders.forEach((name, decoder) -> {
      AuthenticationManager manager = manager(decoder);
      managers.put(name, manager);
      trusted.add(new Issuer(decoder, manager));
    });
    this.issuers = List.copyOf(trusted);
    AuthenticationManager untrusted =
        token -> {
          throw new InvalidBearerTokenException("the issuer is not trusted");
        };
    this.byClaim =
        new JwtIssuerAuthenticationManagerResolver(
            (String issuer) -> managers.getOrDefault(issuer, untrusted));
  }

  private static AuthenticationManager manager(RememberingDecoder decoder) {
    JwtAuthenticationProvider provider = new JwtAuthenticationProvider(decoder);
    provider.setJwtAuthenticationConverter(new ScopeConverter());
    return provider::authenticate;
  }

  @Override
  public AuthenticationManager resolve(HttpServletRequest request) {
    return authentication -> {
      if (authentication instanceof BearerTokenAuthenticationToken bearer) {
        for (Issuer issuer : issuers) {
          if (issuer.decoder.remembers(bearer.getToken())) {
            return issuer.manager.authenticate(authentication);
          }
        }
      }
      return byClaim.resolve(request).authenticate(authentication);
    };
  }
}
