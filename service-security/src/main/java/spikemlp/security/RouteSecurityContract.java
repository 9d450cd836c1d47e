package spikemlp.security;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/**
 * The check that every service's tests run against the service itself: each route that Spring
 * mapped, Actuator's too, answers 401 without a token and 403 with every scope but the one it
 * needs. What is mapped but not declared must be closed to every scope; what is declared must be
 * mapped.
 *
 * <pre>{@code
 * RouteSecurityContract.verify(
 *     context, URI.create("http://127.0.0.1:" + port), tokens,
 *     Map.of("GET /api/v1/models", Scope.READ, "POST /api/v1/models/{name}/versions", Scope.TRAIN));
 * }</pre>
 */
public final class RouteSecurityContract {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final URI base;
  private final PlatformTokens tokens;
  private final HttpClient client;
  private final List<String> failures = new ArrayList<>();

  private RouteSecurityContract(URI base, PlatformTokens tokens, HttpClient client) {
    this.base = base;
    this.tokens = tokens;
    this.client = client;
  }

  /**
   * Runs the check.
   *
   * @param context the service's application context
   * @param base the running service's address, such as {@code http://127.0.0.1:8082}
   * @param tokens the service's own, to mint tokens it accepts
   * @param declared {@code METHOD pattern} of every open route, and the scope that opens it
   * @throws AssertionError naming every route that answered otherwise, is missing or unexpected
   */
  public static void verify(
      ListableBeanFactory context, URI base, PlatformTokens tokens, Map<String, Scope> declared) {
    Set<String> mapped = mappedRoutes(context);
    try (HttpClient client = HttpClient.newHttpClient()) {
      RouteSecurityContract contract = new RouteSecurityContract(base, tokens, client);
      for (String route : mapped) {
        contract.check(route, declared.get(route));
      }
      for (String route : declared.keySet()) {
        if (!mapped.contains(route)) {
          contract.failures.add(route + " is declared but not mapped; mapped are " + mapped);
        }
      }
      if (!contract.failures.isEmpty()) {
        throw new AssertionError(String.join(System.lineSeparator(), contract.failures));
      }
    }
  }

  private static Set<String> mappedRoutes(ListableBeanFactory context) {
    Set<String> routes = new TreeSet<>();
    for (RequestMappingInfoHandlerMapping mapping :
        context.getBeansOfType(RequestMappingInfoHandlerMapping.class).values()) {
      for (RequestMappingInfo info : mapping.getHandlerMethods().keySet()) {
        Set<RequestMethod> methods = info.getMethodsCondition().getMethods();
        for (String pattern : info.getPatternValues()) {
          for (RequestMethod method : methods.isEmpty() ? Set.of(RequestMethod.GET) : methods) {
            if (!pattern.startsWith("/actuator/health")) {
              routes.add(method.name() + " " + pattern);
            }
          }
        }
      }
    }
    return routes;
  }

  private void check(String route, @Nullable Scope needed) {
    int anonymous = status(route, null);
    if (anonymous != 401) {
      failures.add(route + " answered " + anonymous + " without a token, not 401");
    }
    Set<Scope> others = EnumSet.allOf(Scope.class);
    others.remove(Scope.ADMIN);
    if (needed == null) {
      others = EnumSet.allOf(Scope.class);
    } else {
      others.remove(needed);
    }
    for (Set<Scope> scopes : List.of(Set.<Scope>of(), others)) {
      int wrong = status(route, tokens.mint("route-check", scopes, Duration.ofMinutes(1)));
      if (wrong != 403) {
        failures.add(
            route
                + " answered "
                + wrong
                + " to a token of "
                + scopes.stream().map(Scope::label).collect(Collectors.joining(", ", "[", "]"))
                + ", not 403"
                + (needed == null ? "; it is not declared" : ""));
      }
    }
  }

  private int status(String route, @Nullable String token) {
    int space = route.indexOf(' ');
    String path = route.substring(space + 1).replaceAll("\\{[^{}]*(\\{[^{}]*\\}[^{}]*)*\\}", "1");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(path.replace("**", "1").replace("*", "1")))
            .timeout(PATIENCE)
            .method(route.substring(0, space), HttpRequest.BodyPublishers.noBody());
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      throw new AssertionError(route + " could not be asked: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while asking " + route, e);
    }
  }
}
