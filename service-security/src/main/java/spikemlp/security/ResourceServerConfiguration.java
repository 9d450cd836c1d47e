package spikemlp.security;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.authentication.AuthenticationManagerResolver;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.web.SecurityFilterChain;
import spikemlp.problem.ProblemAdvice;
import spikemlp.problem.ProblemErrorController;

/**
 * Makes a service an OAuth2 resource server; a service imports it and gives one {@link RouteRules}
 * bean. Requests carry JWTs of the platform ({@link PlatformTokens}) or of the OpenID issuer of
 * {@code spikemlp.security.issuer}. No sessions, no forms, no cookies, hence no CSRF tokens. Beans:
 * {@link PlatformKey}, {@link PlatformTokens}, the platform's {@link JwtDecoder}, the filter chain,
 * and the problem responses.
 */
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
@EnableConfigurationProperties(SecuritySettings.class)
@Import({ProblemAdvice.class, ProblemErrorController.class})
public class ResourceServerConfiguration {

  @Bean
  PlatformKey platformKey(SecuritySettings settings) {
    return PlatformKey.loadOrCreate(settings.keyDirectory());
  }

  @Bean
  PlatformTokens platformTokens(PlatformKey key, ObjectProvider<Clock> clock) {
    return new PlatformTokens(key, clock.getIfAvailable(Clock::systemUTC));
  }

  @Bean
  RememberingDecoder platformDecoder(PlatformKey key, ObjectProvider<Clock> clock) {
    return TokenDecoders.platform(key, clock.getIfAvailable(Clock::systemUTC));
  }

  @Bean
  AuthenticationManagerResolver<HttpServletRequest> issuers(
      SecuritySettings settings, RememberingDecoder platformDecoder, ObjectProvider<Clock> clock) {
    Map<String, RememberingDecoder> decoders = new HashMap<>();
    decoders.put(PlatformTokens.ISSUER, platformDecoder);
    if (settings.issuer() != null) {
      decoders.put(
          settings.issuer().toString(),
          TokenDecoders.openId(
              settings.issuer(), settings.audience(), clock.getIfAvailable(Clock::systemUTC)));
    }
    return new TrustedIssuers(decoders);
  }

  /** Each filter's observation would cost more than all filters do. */
  @Bean
  static SecurityObservationSettings observations() {
    return SecurityObservationSettings.noObservations();
  }

  @Bean
  SecurityFilterChain routes(
      HttpSecurity http,
      RouteRules rules,
      AuthenticationManagerResolver<HttpServletRequest> issuers) {
    ProblemResponses problems = new ProblemResponses();
    return http.csrf(AbstractHttpConfigurer::disable)
        .formLogin(AbstractHttpConfigurer::disable)
        .httpBasic(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .requestCache(AbstractHttpConfigurer::disable)
        .sessionManagement(
            sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .authorizeHttpRequests(routes -> {
          // These follow a request that was checked when it came in.
          routes.dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR).permitAll();
          routes.requestMatchers("/actuator/health", "/actuator/health/**").permitAll();
          rules.declare(routes);
          routes.anyRequest().denyAll();
        })
        .oauth2ResourceServer(server ->
            server
                .authenticationManagerResolver(issuers)
                .bearerTokenResolver(new BearerTokens())
                .authenticationEntryPoint(problems)
                .accessDeniedHandler(problems))
        .exceptionHandling(
            handling -> handling.authenticationEntryPoint(problems).accessDeniedHandler(problems))
        .build();
  }
}
