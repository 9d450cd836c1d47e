package spikemlp.frontdoor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class RoutingTest {

  private static FrontDoorFixture door;

  @BeforeAll
  static void open() throws Exception {
    door = new FrontDoorFixture();
  }

  @AfterAll
  static void close() {
    door.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/api/v1/training-jobs, trainer",
    "/api/v1/training-jobs/0193-ab/events, trainer",
    "/api/v1/datasets, trainer",
    "/api/v1/models, registry",
    "/api/v1/models/digits/versions/3/artifacts/model.onnx, registry",
    "/api/v1/artifacts/00ff, registry",
    "/api/v1/resolve?model=digits@champion, registry",
    "/api/v1/artifacts:collect, registry",
    "/api/v1/uploads/0193-ab, registry",
    "/api/v1/events?model=digits, registry",
    "/api/v1/webhooks/0193-ab/deliveries, registry",
    "/api/v1/manifest-key, registry",
    "/api/v1/audit?actor=ops, registry",
    "/api/2.0/mlflow/registered-models/search?max_results=5, registry",
    "/api/v1/classify/digits, inference",
    "/api/v1/served-models, inference",
    "/v2, inference",
    "/v2/health/ready, inference",
    "/v2/models/digits@champion/versions/3/infer, inference",
  })
  void everyPathReachesItsServiceAsItIs(String path, String service) throws Exception {
    HttpResponse<String> answer = door.get(path);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).startsWith(service + " GET " + path + "\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/classify/digits@champion?topK=5&energy=horowitz-45nm-compute",
        "/api/v1/classify/digits:12",
        "/api/v1/training-jobs/0193:stop",
        "/api/v1/models/a%20b?filter=accuracy%20%3E%200.9&x=1%2B1",
        "/api/v1/models/digits/versions/3:archive",
        "/api/v1/models/digits/versions:compare?versions=1,2",
      })
  void colonsAtSignsAndEscapesPassUnharmed(String path) throws Exception {
    HttpResponse<String> answer =
        door.send(door.request(path).POST(BodyPublishers.ofString("x")), BodyHandlers.ofString());
    assertThat(answer.body()).contains(" POST " + path + "\n");
  }

  @ParameterizedTest
  @CsvSource({
    "/api/v1/models/..%2f..%2fetc, application/problem+json, code",
    "/api/v1/models/a%00b, application/problem+json, code",
    "/v2/models/..%2fetc/infer, application/json, error",
  })
  void whatTomcatRefusesIsAProblemToo(String path, String type, String field) throws Exception {
    HttpResponse<String> answer = door.get(path);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith(type);
    assertThat(JsonMapper.shared().readTree(answer.body()).path(field).asString()).isNotBlank();
  }

  @Test
  void theCallersTokenAndLastEventIdPass() throws Exception {
    HttpResponse<String> answer =
        door.send(
            door.request("/api/v1/training-jobs/1/events")
                .header("Authorization", "Bearer abc.def")
                .header("Last-Event-ID", "41")
                .header("Idempotency-Key", "k1"),
            BodyHandlers.ofString());
    assertThat(answer.body())
        .containsIgnoringCase("Authorization: [Bearer abc.def]")
        .containsIgnoringCase("Last-Event-ID: [41]")
        .containsIgnoringCase("Idempotency-Key: [k1]");
  }

  @Test
  void whatACallerClaimsOfItsOwnAddressIsReplaced() throws Exception {
    HttpResponse<String> answer =
        door.send(
            door.request("/api/v1/models")
                .header("X-Forwarded-For", "6.6.6.6")
                .header("X-Forwarded-Host", "evil.example")
                .header("X-Forwarded-Prefix", "/evil")
                .header("Forwarded", "for=6.6.6.6")
                .header("TE", "trailers")
                .header("Proxy-Authorization", "Basic eDp5"),
            BodyHandlers.ofString());
    assertThat(answer.body())
        .doesNotContain("6.6.6.6", "evil")
        .doesNotContainIgnoringCase("proxy-authorization")
        .doesNotContainIgnoringCase("trailers")
        .containsIgnoringCase("X-Forwarded-For: [127.0.0.1]")
        .containsIgnoringCase("X-Forwarded-Host: [127.0.0.1:" + door.port() + "]");
  }

  @Test
  void aServicesProblemPassesWithItsStatusTypeAndBody() throws Exception {
    String problem = "{\"status\":422,\"code\":\"invalid-configuration\"}";
    door.trainer.answer(exchange -> {
      exchange.getResponseHeaders().set("Content-Type", "application/problem+json");
      exchange.getResponseHeaders().set("X-Frame-Options", "SAMEORIGIN");
      FakeService.send(exchange, 422, problem);
    });
    HttpResponse<String> answer =
        door.send(
            door.request("/api/v1/training-jobs").POST(BodyPublishers.ofString("{}")),
            BodyHandlers.ofString());
    door.trainer.answer(exchange -> FakeService.echo("trainer", exchange));
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).isEqualTo(problem);
    assertThat(answer.headers().allValues("Content-Type"))
        .containsExactly("application/problem+json");
    assertThat(answer.headers().allValues("X-Frame-Options")).containsExactly("DENY");
  }

  @Test
  void aLocationOnAServicesOwnAddressComesBackWithoutIt() throws Exception {
    door.trainer.answer(exchange -> {
      String location = door.trainer.origin() + "/api/v1/training-jobs/7";
      exchange.getResponseHeaders().set("Location", location);
      FakeService.send(exchange, 202, "{}");
    });
    HttpResponse<String> answer =
        door.send(
            door.request("/api/v1/training-jobs").POST(BodyPublishers.ofString("{}")),
            BodyHandlers.ofString());
    door.trainer.answer(exchange -> FakeService.echo("trainer", exchange));
    assertThat(answer.headers().allValues("Location"))
        .isEqualTo(List.of("/api/v1/training-jobs/7"));
  }

  @Test
  void aDeadServiceIsNamedAtOnce() throws Exception {
    int freePort;
    try (ServerSocket socket = new ServerSocket(0)) {
      freePort = socket.getLocalPort();
    }
    try (var context =
        FrontDoorApplication.builder()
            .run(
                "--server.port=0",
                "--spikemlp.frontdoor.inference-url=http://127.0.0.1:" + freePort)) {
      int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
      long before = System.nanoTime();
      HttpResponse<String> answer =
          door.send(
              door.request("")
                  .uri(java.net.URI.create("http://127.0.0.1:" + port + "/api/v1/classify/digits"))
                  .POST(BodyPublishers.ofByteArray(new byte[100_000])),
              BodyHandlers.ofString());
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
      assertThat(answer.body())
          .contains("\"code\":\"upstream-unavailable\"", "inference")
          .doesNotContain("java.", "127.0.0.1");
      HttpResponse<String> protocol =
          door.send(
              door.request("")
                  .uri(java.net.URI.create("http://127.0.0.1:" + port + "/v2/models/digits")),
              BodyHandlers.ofString());
      assertThat(protocol.statusCode()).isEqualTo(503);
      assertThat(protocol.headers().firstValue("Content-Type")).hasValue("application/json");
      assertThat(protocol.body()).startsWith("{\"error\":\"The inference service");
    }
  }

  @Test
  void aServiceThatHangsUpBeforeItAnswersIsNamed() throws Exception {
    door.registry.answer(com.sun.net.httpserver.HttpExchange::close);
    HttpResponse<String> answer =
        door.send(
            door.request("/api/v1/models/x/versions").POST(BodyPublishers.ofString("{}")),
            BodyHandlers.ofString());
    door.registry.answer(exchange -> FakeService.echo("registry", exchange));
    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(answer.body()).contains("\"code\":\"upstream-failed\"", "registry");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/api/v1/users", "/api", "/actuator/env", "/static/x", "/index.php", "/v1", "/x"})
  void whatIsNotRoutedIsNotFound(String path) throws Exception {
    HttpResponse<String> answer = door.get(path);
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(answer.body()).contains("\"code\":\"not-found\"", path);
  }

  @Test
  void healthIsOpenAndTellsNoDetails() throws Exception {
    assertThat(door.get("/actuator/health/readiness").body()).isEqualTo("{\"status\":\"UP\"}");
    assertThat(door.get("/actuator/health").body()).contains("UP").doesNotContain("diskSpace");
  }
}
