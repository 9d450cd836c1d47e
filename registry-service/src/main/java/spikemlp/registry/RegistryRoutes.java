package spikemlp.registry;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import spikemlp.security.RouteRules;
import spikemlp.security.Scope;

/** Which scope opens which route; every other route stays closed. */
@Configuration(proxyBeanMethods = false)
class RegistryRoutes {

  @Bean
  RouteRules registryRouteRules() {
    return routes ->
        routes
            .requestMatchers(HttpMethod.PUT, "/api/v1/artifacts/*")
            .hasAuthority(Scope.TRAIN.authority())
            .requestMatchers(HttpMethod.POST, "/api/v1/artifacts:collect")
            .hasAuthority(Scope.ADMIN.authority())
            .requestMatchers("/api/v1/uploads", "/api/v1/uploads/*")
            .hasAuthority(Scope.TRAIN.authority())
            .requestMatchers("/api/v1/webhooks", "/api/v1/webhooks/**")
            .hasAuthority(Scope.ADMIN.authority())
            .requestMatchers(HttpMethod.GET, "/api/v1/events", "/api/v1/manifest-key")
            .hasAuthority(Scope.READ.authority())
            .requestMatchers(
                HttpMethod.POST, "/api/v1/models/*/versions", "/api/v1/models/*/imports")
            .hasAuthority(Scope.TRAIN.authority())
            .requestMatchers(HttpMethod.PATCH, "/api/v1/models/*")
            .hasAuthority(Scope.PROMOTE.authority())
            .requestMatchers(HttpMethod.PUT, "/api/v1/models/*/aliases/*")
            .hasAuthority(Scope.PROMOTE.authority())
            .requestMatchers(HttpMethod.DELETE, "/api/v1/models/*/aliases/*")
            .hasAuthority(Scope.PROMOTE.authority())
            .requestMatchers(
                HttpMethod.GET, "/api/v1/models/**", "/api/v1/artifacts/*", "/api/v1/resolve")
            .hasAuthority(Scope.READ.authority())
            .requestMatchers(
                HttpMethod.HEAD, "/api/v1/models/**", "/api/v1/artifacts/*", "/api/v1/resolve")
            .hasAuthority(Scope.READ.authority());
  }
}
