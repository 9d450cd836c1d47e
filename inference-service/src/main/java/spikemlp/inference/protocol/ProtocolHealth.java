package spikemlp.inference.protocol;

import java.util.Map;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

/** {@code /v2/health}: open to all, as orchestrators ask without a token. */
@Configuration(proxyBeanMethods = false)
class ProtocolHealth {

  @Bean
  RouterFunction<ServerResponse> protocolHealthRoutes(ApplicationAvailability availability) {
    return RouterFunctions.route()
        .GET(
            "/v2/health/live",
            request -> answer("live", availability.getLivenessState() == LivenessState.CORRECT))
        .GET(
            "/v2/health/ready",
            request ->
                answer(
                    "ready", availability.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC))
        .build();
  }

  private static ServerResponse answer(String what, boolean so) {
    return ServerResponse.status(so ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
        .body(Map.of(what, so));
  }
}
