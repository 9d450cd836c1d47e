package spikemlp.security;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import spikemlp.contract.network.FieldProblem;
import spikemlp.contract.network.InvalidConfigurationException;
import spikemlp.problem.DatabaseAdvice;
import spikemlp.problem.ProblemException;

/** A small service that has each kind of route and failure. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import({ResourceServerConfiguration.class, DatabaseAdvice.class})
class SampleService {

  static final Map<String, Scope> ROUTES =
      Map.of(
          "GET /api/things/{id}", Scope.READ,
          "GET /api/stream", Scope.READ,
          "POST /api/things", Scope.TRAIN,
          "POST /api/things/{id}:stop", Scope.TRAIN);

  static ConfigurableApplicationContext start(Path keyDirectory, String... properties) {
    return new SpringApplicationBuilder(SampleService.class)
        .properties(
            "server.port=0",
            "server.address=127.0.0.1",
            "spring.main.banner-mode=off",
            "spikemlp.security.key-directory=" + keyDirectory)
        .properties(properties)
        .run();
  }

  @Bean
  RouteRules rules() {
    return routes -> {
      routes.requestMatchers(HttpMethod.GET, "/api/**").hasAuthority(Scope.READ.authority());
      routes.requestMatchers(HttpMethod.POST, "/api/**").hasAuthority(Scope.TRAIN.authority());
    };
  }

  record Thing(@NotBlank String name, @Min(1) int size, Nested nested) {}

  record Nested(List<Double> values) {}

  @RestController
  static class Things {

    @GetMapping("/api/things/{id}")
    Map<String, Object> thing(@PathVariable int id, @RequestParam(defaultValue = "1") @Max(9) int k)
        throws IOException {
      return switch (id) {
        case 1 -> Map.of("id", id, "k", k);
        case 2 ->
            throw new InvalidConfigurationException(
                List.of(
                    new FieldProblem("depths", "[0]", "must be 1 or more"),
                    new FieldProblem("tau", "NaN", "must be a number from 1 up")));
        case 3 -> throw new IllegalArgumentException("no thing is called '3'");
        case 4 -> throw new IOException("/secret/path: SELECT password FROM users");
        case 5 ->
            throw new ProblemException(
                HttpStatus.CONFLICT, "thing-busy", "thing 5 is busy", Map.of("by", "job 7"));
        case 6 ->
            throw new TransientDataAccessResourceException(
                "PreparedStatementCallback; SQL [select secret]",
                new SQLTransientConnectionException("pool - Connection is not available"));
        case 7 ->
            throw new DataAccessResourceFailureException(
                "PreparedStatementCallback; SQL [select secret]",
                new SQLException("could not extend file \"base/5/1\"", "53100"));
        default ->
            throw new ProblemException(HttpStatus.NOT_FOUND, "thing-not-found", "no thing " + id);
      };
    }

    @PostMapping("/api/things")
    Thing add(@RequestBody @Valid Thing thing) {
      return thing;
    }

    @PostMapping("/api/things/{id}:stop")
    Map<String, Object> stop(@PathVariable String id) {
      return Map.of("stopped", id);
    }

    @GetMapping(path = "/api/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter stream(@RequestParam(defaultValue = "false") boolean fail) throws IOException {
      if (fail) {
        throw new ProblemException(HttpStatus.NOT_FOUND, "stream-not-found", "no such stream");
      }
      SseEmitter emitter = new SseEmitter(5_000L);
      emitter.send(SseEmitter.event().name("end").data("done"));
      emitter.complete();
      return emitter;
    }
  }
}
