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
            .requestMatchers(HttpMethod.GET, "/v2/health/live", "/v2/health/ready")
            .permitAll()
            .requestMatchers(
                HttpMethod.POST,
                "/api/v1/classify/{model}",
                "/v2/models/{model}/infer",
                "/v2/models/{model}/versions/{version}/infer")
            .hasAuthority(Scope.INFER.authority())
            .requestMatchers(HttpMethod.POST, "/v2/repository/index")
            .hasAuthority(Scope.READ.authority())
            .requestMatchers(
                HttpMethod.GET,
                "/api/v1/served-models",
                "/actuator/prometheus",
                "/v2",
                "/v2/",
                "/v2/models/**")
            .hasAuthority(Scope.READ.authority());
  }
}
