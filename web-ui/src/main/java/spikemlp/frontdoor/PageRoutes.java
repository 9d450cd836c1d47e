package spikemlp.frontdoor;

import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.function.RequestPredicate;
import org.springframework.web.servlet.function.RequestPredicates;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * The page, from {@code classpath:/page/}: a folder of its own, as several services share a class
 * path. The page's own paths all answer with its one document, which is asked for anew each time;
 * asset names carry a hash of their content and are kept.
 */
@Configuration(proxyBeanMethods = false)
class PageRoutes {

  private static final CacheControl KEPT =
      CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable();
  private static final CacheControl ASKED_ANEW = CacheControl.noCache();

  @Bean
  RouterFunction<ServerResponse> page() {
    RequestPredicate pagePaths =
        RequestPredicates.path("/")
            .or(RequestPredicates.path("/jobs/**"))
            .or(RequestPredicates.path("/models/**"))
            .or(RequestPredicates.path("/classify/**"));
    return RouterFunctions.resource(
        pagePaths,
        new ClassPathResource("page/index.html"),
        (_, headers) -> headers.setCacheControl(ASKED_ANEW));
  }

  @Bean
  RouterFunction<ServerResponse> favicon() {
    return RouterFunctions.resource(
        RequestPredicates.path("/favicon.svg"),
        new ClassPathResource("page/favicon.svg"),
        (_, headers) -> headers.setCacheControl(ASKED_ANEW));
  }

  @Bean
  RouterFunction<ServerResponse> assets() {
    return RouterFunctions.resources(
        "/assets/**",
        new ClassPathResource("page/assets/"),
        (_, headers) -> headers.setCacheControl(KEPT));
  }
}
