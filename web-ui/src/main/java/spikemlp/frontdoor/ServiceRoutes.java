package spikemlp.frontdoor;

import java.net.http.HttpClient;
import java.util.concurrent.Executors;
import org.springframework.cloud.gateway.server.mvc.handler.ProxyExchange;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerResponse;

/** Which paths belong to which service. */
@Configuration(proxyBeanMethods = false)
class ServiceRoutes {

  @Bean
  RouterFunction<ServerResponse> trainer(FrontDoorProperties properties) {
    return new Upstream("trainer", properties.trainerUrl())
        .serving("/api/v1/training-jobs/**", "/api/v1/studies/**", "/api/v1/datasets/**");
  }

  @Bean
  RouterFunction<ServerResponse> registry(FrontDoorProperties properties) {
    return new Upstream("registry", properties.registryUrl())
        .serving(
            "/api/v1/models/**",
            "/api/v1/artifacts/**",
            "/api/v1/artifacts:collect",
            "/api/v1/uploads/**",
            "/api/v1/events",
            "/api/v1/webhooks/**",
            "/api/v1/manifest-key",
            "/api/v1/resolve",
            "/api/v1/audit",
            "/api/2.0/mlflow/**");
  }

  @Bean
  RouterFunction<ServerResponse> inference(FrontDoorProperties properties) {
    return new Upstream("inference", properties.inferenceUrl())
        .serving("/api/v1/classify/**", "/api/v1/served-models/**", "/v2/**");
  }

  /**
   * The client of all routes. HTTP/1.1, as an upgrade offer would delay uploads; no read timeout,
   * as event streams last as long as a job; redirects are the caller's to follow.
   */
  @Bean
  HttpClient upstreamClient(FrontDoorProperties properties) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(properties.connectTimeout())
        .executor(Executors.newVirtualThreadPerTaskExecutor())
        .build();
  }

  @Bean
  ProxyExchange streamingExchange(HttpClient upstreamClient, FrontDoorProperties properties) {
    return new StreamingExchange(upstreamClient, properties.pace());
  }
}
