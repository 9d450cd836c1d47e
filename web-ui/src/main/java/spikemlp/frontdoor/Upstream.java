package spikemlp.frontdoor;

import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.gateway.server.mvc.filter.BeforeFilterFunctions;
import org.springframework.cloud.gateway.server.mvc.handler.GatewayRouterFunctions;
import org.springframework.cloud.gateway.server.mvc.handler.HandlerFunctions;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.servlet.function.RequestPredicate;
import org.springframework.web.servlet.function.RequestPredicates;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * One service behind the front door.
 *
 * @param name as an error names it, such as {@code trainer}
 * @param origin scheme, host and port
 */
record Upstream(String name, URI origin) {

  private static final Logger LOG = LoggerFactory.getLogger(Upstream.class);

  /** Sends every request whose path matches one of the patterns to this service. */
  RouterFunction<ServerResponse> serving(String... patterns) {
    RequestPredicate paths = RequestPredicates.path(patterns[0]);
    for (int i = 1; i < patterns.length; i++) {
      paths = paths.or(RequestPredicates.path(patterns[i]));
    }
    return GatewayRouterFunctions.route(name)
        .route(paths, HandlerFunctions.http())
        .before(BeforeFilterFunctions.uri(origin))
        .after((_, response) -> withOwnLocation(response))
        .onError(UncheckedIOException.class, this::unavailable)
        .build();
  }

  /** A Location that names the service's own address would lead callers past the front door. */
  private ServerResponse withOwnLocation(ServerResponse response) {
    URI location = response.headers().getLocation();
    if (location != null
        && origin.getHost().equals(location.getHost())
        && origin.getPort() == location.getPort()) {
      String query = location.getRawQuery() == null ? "" : "?" + location.getRawQuery();
      response.headers().set(HttpHeaders.LOCATION, location.getRawPath() + query);
    }
    return response;
  }

  private ServerResponse unavailable(Throwable failure, ServerRequest request) {
    Optional<ArrivingBody.TooSlow> slowBody = ArrivingBody.behind(failure);
    if (slowBody.isPresent()) {
      return tooSlow(slowBody.get(), request);
    }
    LOG.warn("{} did not answer {}: {}", name, request.path(), String.valueOf(failure.getCause()));
    if (failure.getCause() instanceof ConnectException
        || failure.getCause() instanceof HttpConnectTimeoutException) {
      return new Problem(
              HttpStatus.SERVICE_UNAVAILABLE,
              "upstream-unavailable",
              "The " + name + " service is not running or cannot be reached; try again shortly.")
          .with("service", name)
          .response(request);
    }
    return new Problem(
            HttpStatus.BAD_GATEWAY,
            "upstream-failed",
            "The " + name + " service closed the connection before it answered.")
        .with("service", name)
        .response(request);
  }

  private static ServerResponse tooSlow(ArrivingBody.TooSlow body, ServerRequest request) {
    ProblemErrorValve.leaveTheRest(request.servletRequest());
    return new Problem(
            HttpStatus.REQUEST_TIMEOUT, "body-too-slow", String.valueOf(body.getMessage()))
        .response(request);
  }
}
