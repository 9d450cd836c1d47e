package spikemlp.trainer.job;

import static org.springframework.http.HttpMethod.DELETE;
import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.POST;

import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import spikemlp.security.RouteRules;
import spikemlp.security.Scope;

/** The trainer's routes with their scopes, and its clock. */
@Configuration(proxyBeanMethods = false)
class TrainerConfiguration {

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  RouteRules trainerRoutes() {
    String jobs = "/api/v1/training-jobs";
    String studies = "/api/v1/studies";
    String dataSets = "/api/v1/datasets";
    return routes ->
        routes
            .requestMatchers(GET, jobs, jobs + "/{id}", jobs + "/{id}/events")
            .hasAuthority(Scope.READ.authority())
            .requestMatchers(GET, jobs + "/{id}/metrics", jobs + "/{id}/logs")
            .hasAuthority(Scope.READ.authority())
            .requestMatchers(DELETE, jobs + "/{id}")
            .hasAuthority(Scope.TRAIN.authority())
            .requestMatchers(
                POST,
                jobs,
                jobs + "/{id}:stop",
                jobs + "/{id}:resume",
                jobs + "/{id}:export",
                jobs + "/{id}:reproduce")
            .hasAuthority(Scope.TRAIN.authority())
            .requestMatchers(GET, studies, studies + "/{id}", studies + "/{id}/table")
            .hasAuthority(Scope.READ.authority())
            .requestMatchers(POST, studies, studies + "/{id}:stop")
            .hasAuthority(Scope.TRAIN.authority())
            .requestMatchers(GET, dataSets, dataSets + "/{id}", dataSets + "/{id}/preview")
            .hasAuthority(Scope.READ.authority())
            .requestMatchers(POST, dataSets)
            .hasAuthority(Scope.TRAIN.authority())
            .requestMatchers(DELETE, dataSets + "/{id}")
            .hasAuthority(Scope.TRAIN.authority())
            .requestMatchers(GET, "/actuator/prometheus")
            .hasAuthority(Scope.READ.authority());
  }
}
