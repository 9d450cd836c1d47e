package spikemlp.security;

import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;

/**
 * What a service opens, for which scope. The one bean of this type is applied between the rule that
 * opens {@code /actuator/health} and the one that closes everything else:
 *
 * <pre>{@code
 * routes -> routes.requestMatchers(GET, "/api/v1/models/**").hasAuthority(READ.authority())
 * }</pre>
 */
@FunctionalInterface
public interface RouteRules {

  /** Declares the service's routes. */
  void declare(
      AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry
          routes);
}
