package spikemlp.inference.classify;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import spikemlp.security.RouteRules;
import spikemlp.security.Scope;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ClassifyProperties.class)
class ClassifyConfiguration {

  @Bean
  RouteRules inferenceRoutes() {
    return routes ->
        routes
            .requestMatchers(HttpMethod.POST, "/api/v1/classify/{model}")
            .hasAuthority(Scope.INFER.authority())
            .requestMatchers(HttpMethod.GET, "/api/v1/served-models", "/actuator/prometheus")
            .hasAuthority(Scope.READ.authority());
  }
}
