package spikemlp.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

@ExtendWith(OutputCaptureExtension.class)
class ProblemAdviceTest {

  @TempDir private static Path keys;
  private static ConfigurableApplicationContext service;
  private static SampleClient client;
  private static String token;

  @BeforeAll
  static void start() {
    service = SampleService.start(keys);
    client = new SampleClient(service);
    token =
        service
            .getBean(PlatformTokens.class)
            .mint("anna", Set.of(Scope.ADMIN), Duration.ofMinutes(5));
  }

  @AfterAll
  static void stop() {
    client.close();
    service.close();
  }

  private static SampleClient.Answer problem(SampleClient.Answer answer, int status, String code) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.contentType()).isEqualTo("application/problem+json");
    assertThat(answer.code()).isEqualTo(code);
    assertThat(answer.json().path("status").asInt()).isEqualTo(status);
    assertThat(answer.body()).doesNotContain("java.").doesNotContain("Exception");
    return answer;
  }

  private static String detail(SampleClient.Answer answer, int status, String code) {
    return problem(answer, status, code).json().path("detail").asString();
  }

  private static SampleClient.Answer post(String body) throws Exception {
    return client.post("/api/things", token, body, "Content-Type", "application/json");
  }

  @Test
  void anInvalidConfigurationListsEveryWrongField() throws Exception {
    SampleClient.Answer answer =
        problem(client.get("/api/things/2", token), 422, "invalid-configuration");

    assertThat(answer.json().path("errors")).hasSize(2);
    assertThat(answer.json().at("/errors/0/field").asString()).isEqualTo("depths");
    assertThat(answer.json().at("/errors/1/value").asString()).isEqualTo("NaN");
    assertThat(answer.json().at("/errors/1/message").asString()).contains("from 1 up");
  }

  @Test
  void anIllegalArgumentIsTheCallersMistake() throws Exception {
    assertThat(problem(client.get("/api/things/3", token), 400, "invalid-argument").body())
        .contains("no thing is called '3'");
  }

  @Test
  void aProblemKeepsItsStatusCodeAndProperties() throws Exception {
    assertThat(problem(client.get("/api/things/5", token), 409, "thing-busy").json().path("by"))
        .hasToString("\"job 7\"");
    problem(client.get("/api/things/99", token), 404, "thing-not-found");
  }

  @Test
  void anUnexpectedFailureTellsAnIdAndNothingElse() throws Exception {
    SampleClient.Answer answer = problem(client.get("/api/things/4", token), 500, "internal-error");

    assertThat(answer.body()).doesNotContain("secret").doesNotContain("SELECT");
    assertThat(answer.json().path("id").asString()).hasSize(36);
  }

  @Test
  void aDatabaseThatIsDownIsOneLineInTheLogAndAnInvitationToRetry(CapturedOutput log)
      throws Exception {
    SampleClient.Answer answer =
        problem(client.get("/api/things/6", token), 503, "database-unavailable");

    assertThat(answer.response().headers().firstValue("Retry-After")).hasValue("5");
    assertThat(answer.body()).contains("the database did not answer").doesNotContain("secret");
    assertThat(log.getAll().lines().filter(line -> line.contains("Connection is not available")))
        .singleElement()
        .asString()
        .contains("WARN", "the database did not answer");
    assertThat(log.getAll()).doesNotContain("ERROR").doesNotContain("\tat ");
  }

  @Test
  void aDatabaseWhoseDiskIsFullSaysSo(CapturedOutput log) throws Exception {
    assertThat(problem(client.get("/api/things/7", token), 503, "database-unavailable").body())
        .contains("the database's disk is full")
        .doesNotContain("base/5");
    assertThat(log.getAll()).contains("the database's disk is full: could not extend file");
  }

  @Test
  void beanValidationNamesEveryField() throws Exception {
    SampleClient.Answer answer =
        problem(post("{\"name\":\" \",\"size\":0}"), 400, "invalid-request");

    assertThat(answer.json().path("errors").size()).as(answer.body()).isEqualTo(2);
    assertThat(answer.body()).contains("\"field\":\"name\"").contains("\"field\":\"size\"");
    problem(client.get("/api/things/1?k=10", token), 400, "invalid-request");
  }

  @Test
  void unreadableJsonNamesTheField() throws Exception {
    SampleClient.Answer number =
        problem(post("{\"name\":\"a\",\"size\":\"big\"}"), 400, "invalid-request");
    assertThat(number.json().at("/errors/0/field").asString()).isEqualTo("size");
    assertThat(number.json().at("/errors/0/value").asString()).isEqualTo("big");
    assertThat(number.json().at("/errors/0/message").asString()).contains("whole number");

    SampleClient.Answer nested =
        problem(
            post("{\"name\":\"a\",\"size\":1,\"nested\":{\"values\":[1,\"x\"]}}"),
            400,
            "invalid-request");
    assertThat(nested.json().at("/errors/0/field").asString()).isEqualTo("nested.values[1]");

    assertThat(problem(post("{\"name\":\"a\","), 400, "invalid-request").body())
        .contains("is not JSON");
    problem(post(""), 400, "invalid-request");
  }

  @Test
  void aWrongParameterIsNamed() throws Exception {
    SampleClient.Answer answer =
        problem(client.get("/api/things/abc", token), 400, "invalid-request");

    assertThat(answer.json().at("/errors/0/field").asString()).isEqualTo("id");
    assertThat(answer.json().at("/errors/0/value").asString()).isEqualTo("abc");
  }

  @Test
  void wrongMethodTypeAndResourceAreNamed() throws Exception {
    assertThat(detail(client.post("/api/stream", token, ""), 405, "method-not-allowed"))
        .contains("POST");
    assertThat(detail(client.get("/api/nowhere", token), 404, "not-found"))
        .isEqualTo("there is no GET /api/nowhere");
    assertThat(
            detail(
                client.post("/api/things", token, "<a/>", "Content-Type", "application/xml"),
                415,
                "unsupported-media-type"))
        .isEqualTo("Content-Type 'application/xml' is not read here; send application/json");
  }

  @Test
  void aStreamThatCannotBeginIsAProblemToo() throws Exception {
    problem(
        client.get("/api/stream?fail=true", token, "Accept", "text/event-stream"),
        404,
        "stream-not-found");
  }

  @Test
  void whatTheContainerRefusesIsAProblemToo() throws Exception {
    problem(
        client.send(
            HttpRequest.newBuilder(client.base().resolve("/api/things/1;x=2")).GET(), token),
        400,
        "invalid-request");
  }
}
