package spikemlp.security;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.security.oauth2.server.resource.authentication.JwtGrantedAuthoritiesConverter;

/**
 * A token's authorities: one per scope in its {@code scope} or {@code scp} claim, and all of them
 * for {@link Scope#ADMIN}.
 */
final class ScopeConverter implements Converter<Jwt, AbstractAuthenticationToken> {

  private final JwtGrantedAuthoritiesConverter claims = new JwtGrantedAuthoritiesConverter();

  @Override
  public AbstractAuthenticationToken convert(Jwt token) {
    Collection<GrantedAuthority> granted = claims.convert(token);
    Set<GrantedAuthority> authorities = new LinkedHashSet<>(granted);
    if (authorities.contains(new SimpleGrantedAuthority(Scope.ADMIN.authority()))) {
      for (Scope scope : Scope.values()) {
        authorities.add(new SimpleGrantedAuthority(scope.authority()));
      }
    }
    return new JwtAuthenticationToken(token, authorities);
  }
}
