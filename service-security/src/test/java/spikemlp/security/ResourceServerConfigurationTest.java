package spikemlp.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

class ResourceServerConfigurationTest {

  @TempDir private static Path keys;
  private static ConfigurableApplicationContext service;
  private static SampleClient client;
  private static PlatformTokens tokens;

  @BeforeAll
  static void start() {
    service = SampleService.start(keys);
    client = new SampleClient(service);
    tokens = service.getBean(PlatformTokens.class);
  }

  @AfterAll
  static void stop() {
    client.close();
    service.close();
  }

  private static String token(Scope... scopes) {
    return tokens.mint("anna", Set.of(scopes), Duration.ofMinutes(1));
  }

  @Test
  void aTokenOfTheScopeOpensTheRoute() throws Exception {
    assertThat(client.get("/api/things/1", token(Scope.READ)).status()).isEqualTo(200);
    assertThat(client.post("/api/things/7:stop", token(Scope.TRAIN), "").body()).contains("7");
  }

  @Test
  void anAdminTokenOpensEveryRoute() throws Exception {
    assertThat(client.get("/api/things/1", token(Scope.ADMIN)).status()).isEqualTo(200);
    assertThat(client.post("/api/things/7:stop", token(Scope.ADMIN), "").status()).isEqualTo(200);
  }

  @Test
  void withoutATokenTheAnswerIsAProblemWithAChallenge() throws Exception {
    SampleClient.Answer answer = client.get("/api/things/1", null);

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.contentType()).isEqualTo("application/problem+json");
    assertThat(answer.code()).isEqualTo("unauthenticated");
    assertThat(answer.json().path("detail").asString()).contains("Authorization: Bearer");
    assertThat(answer.response().headers().firstValue("WWW-Authenticate").orElseThrow())
        .startsWith("Bearer ");
  }

  @Test
  void onThePathsOfTheOpenInferenceProtocolARefusalIsItsError() throws Exception {
    SampleClient.Answer anonymous = client.get("/v2/models/digits", null);
    assertThat(anonymous.status()).isEqualTo(401);
    assertThat(anonymous.contentType()).isEqualTo("application/json");
    assertThat(anonymous.json().propertyNames()).containsExactly("error");
    assertThat(anonymous.json().path("error").asString()).contains("Authorization: Bearer");
    assertThat(anonymous.response().headers().firstValue("WWW-Authenticate")).isPresent();
    SampleClient.Answer closed = client.get("/v2", token(Scope.READ));
    assertThat(closed.status()).isEqualTo(403);
    assertThat(closed.json().path("error").asString()).isEqualTo("no token opens this route");
    assertThat(client.get("/v20", null).contentType()).isEqualTo("application/problem+json");
  }

  @Test
  void theWrongScopeIsToldWhichOneIsNeeded() throws Exception {
    SampleClient.Answer answer =
        client.post("/api/things/7:stop", token(Scope.READ, Scope.INFER, Scope.PROMOTE), "");

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.contentType()).isEqualTo("application/problem+json");
    assertThat(answer.code()).isEqualTo("forbidden");
    assertThat(answer.json().path("detail").asString()).endsWith("the scope train");
  }

  @Test
  void anUnknownRouteIsClosed() throws Exception {
    assertThat(client.get("/elsewhere", null).status()).isEqualTo(401);
    assertThat(client.get("/elsewhere", token(Scope.ADMIN)).code()).isEqualTo("forbidden");
    assertThat(client.get("/error", null).status()).isEqualTo(401);
  }

  @Test
  void anExpiredTokenIsRefusedAndSaysSo() throws Exception {
    Clock yesterday = Clock.fixed(Instant.now().minus(Duration.ofDays(1)), ZoneOffset.UTC);
    String old =
        new PlatformTokens(PlatformKey.loadOrCreate(keys), yesterday)
            .mint("anna", Set.of(Scope.READ), Duration.ofHours(1));

    SampleClient.Answer answer = client.get("/api/things/1", old);

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.code()).isEqualTo("unauthenticated");
    assertThat(answer.json().path("detail").asString()).endsWith("it has expired");
  }

  @Test
  void aTokenOfAnotherKeyIsRefused(@TempDir Path elsewhere) throws Exception {
    String forged =
        new PlatformTokens(PlatformKey.loadOrCreate(elsewhere), Clock.systemUTC())
            .mint("mallory", Set.of(Scope.ADMIN), Duration.ofHours(1));

    assertThat(client.get("/api/things/1", forged).status()).isEqualTo(401);
  }

  @Test
  void anUnsignedAndAMalformedTokenAreRefused() throws Exception {
    // {"alg":"none"} . {"iss":"spikemlp","aud":"spikemlp","scope":"admin","exp":4102444800}
    String unsigned =
        "eyJhbGciOiJub25lIn0."
            + "eyJpc3MiOiJzcGlrZW1scCIsImF1ZCI6InNwaWtlbWxwIiwic2NvcGUiOiJhZG1pbiIsImV4cCI6NDEwMjQ0"
            + "NDgwMH0.";

    assertThat(client.get("/api/things/1", unsigned).status()).isEqualTo(401);
    assertThat(client.get("/api/things/1", "nonsense").code()).isEqualTo("unauthenticated");
  }

  @Test
  void aStreamPassesTheFiltersOnEachDispatch() throws Exception {
    SampleClient.Answer answer =
        client.get("/api/stream", token(Scope.READ), "Accept", "text/event-stream");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).contains("event:end").contains("data:done");
  }

  @Test
  void everyMappedRouteIsClosedToTheWrongScope() {
    RouteSecurityContract.verify(service, client.base(), tokens, SampleService.ROUTES);
  }

  @Test
  void theContractFindsARouteOpenToAnotherScopeOrUndeclared() {
    Map<String, Scope> wrong = new HashMap<>(SampleService.ROUTES);
    wrong.put("GET /api/stream", Scope.INFER);
    wrong.remove("POST /api/things");
    wrong.put("GET /api/nothing", Scope.READ);

    assertThatThrownBy(() -> RouteSecurityContract.verify(service, client.base(), tokens, wrong))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("GET /api/stream answered 200")
        .hasMessageContaining("POST /api/things answered")
        .hasMessageContaining("it is not declared")
        .hasMessageContaining("GET /api/nothing is declared but not mapped");
  }
}
