package spikemlp.registry;

import static org.springframework.http.HttpMethod.DELETE;
import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.HEAD;
import static org.springframework.http.HttpMethod.PATCH;
import static org.springframework.http.HttpMethod.POST;
import static org.springframework.http.HttpMethod.PUT;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import spikemlp.security.RouteRules;
import spikemlp.security.Scope;

/** Which scope opens which route; every other route stays closed. */
@Configuration(proxyBeanMethods = false)
class RegistryRoutes {

  private static final String MODELS = "/api/v1/models";
  private static final String MLFLOW = "/api/2.0/mlflow";

  @Bean
  RouteRules registryRouteRules() {
    return routes ->
        routes
            .requestMatchers(PUT, "/api/v1/artifacts/*")
            .hasAuthority(Scope.TRAIN.authority())
            .requestMatchers(POST, "/api/v1/artifacts:collect")
            .hasAuthority(Scope.ADMIN.authority())
            .requestMatchers("/api/v1/uploads", "/api/v1/uploads/*")
            .hasAuthority(Scope.TRAIN.authority())
            .requestMatchers("/api/v1/webhooks", "/api/v1/webhooks/**")
            .hasAuthority(Scope.ADMIN.authority())
            .requestMatchers(GET, "/api/v1/events", "/api/v1/manifest-key")
            .hasAuthority(Scope.READ.authority())
            .requestMatchers(POST, MODELS, MODELS + "/*/versions", MODELS + "/*/imports")
            .hasAuthority(Scope.TRAIN.authority())
            .requestMatchers(PATCH, MODELS + "/*")
            .hasAuthority(Scope.PROMOTE.authority())
            .requestMatchers(POST, MODELS + "/*/versions/*")
            .hasAuthority(Scope.PROMOTE.authority())
            .requestMatchers(DELETE, MODELS + "/*/versions/*")
            .hasAuthority(Scope.PROMOTE.authority())
            .requestMatchers(PUT, MODELS + "/*/tags/*", MODELS + "/*/versions/*/tags/*")
            .hasAuthority(Scope.PROMOTE.authority())
            .requestMatchers(DELETE, MODELS + "/*/tags/*", MODELS + "/*/versions/*/tags/*")
            .hasAuthority(Scope.PROMOTE.authority())
            .requestMatchers(PUT, MODELS + "/*/aliases/*")
            .hasAuthority(Scope.PROMOTE.authority())
            .requestMatchers(DELETE, MODELS + "/*/aliases/*")
            .hasAuthority(Scope.PROMOTE.authority())
            .requestMatchers(PUT, MODELS + "/*/aliases/*/gate")
            .hasAuthority(Scope.ADMIN.authority())
            .requestMatchers(DELETE, MODELS + "/*/aliases/*/gate")
            .hasAuthority(Scope.ADMIN.authority())
            .requestMatchers(GET, "/api/v1/audit")
            .hasAuthority(Scope.ADMIN.authority())
            .requestMatchers(GET, MODELS + "/**", "/api/v1/artifacts/*", "/api/v1/resolve")
            .hasAuthority(Scope.READ.authority())
            .requestMatchers(HEAD, MODELS + "/**", "/api/v1/artifacts/*", "/api/v1/resolve")
            .hasAuthority(Scope.READ.authority())
            .requestMatchers(
                POST, MLFLOW + "/registered-models/create", MLFLOW + "/model-versions/create")
            .hasAuthority(Scope.TRAIN.authority())
            .requestMatchers(POST, MLFLOW + "/registered-models/get-latest-versions")
            .hasAuthority(Scope.READ.authority())
            .requestMatchers(
                POST,
                MLFLOW + "/registered-models/alias",
                MLFLOW + "/registered-models/set-tag",
                MLFLOW + "/model-versions/set-tag")
            .hasAuthority(Scope.PROMOTE.authority())
            .requestMatchers(PATCH, MLFLOW + "/registered-models/update")
            .hasAuthority(Scope.PROMOTE.authority())
            .requestMatchers(
                DELETE,
                MLFLOW + "/registered-models/alias",
                MLFLOW + "/registered-models/delete-tag",
                MLFLOW + "/model-versions/delete-tag")
            .hasAuthority(Scope.PROMOTE.authority())
            .requestMatchers(GET, MLFLOW + "/**")
            .hasAuthority(Scope.READ.authority());
  }
}
