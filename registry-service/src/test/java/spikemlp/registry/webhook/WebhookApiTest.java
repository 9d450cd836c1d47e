package spikemlp.registry.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static spikemlp.registry.RunningRegistry.code;
import static spikemlp.registry.RunningRegistry.detail;
import static spikemlp.registry.RunningRegistry.json;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import spikemlp.contract.registry.RegistryEvent;
import spikemlp.registry.RunningRegistry;
import tools.jackson.databind.JsonNode;

class WebhookApiTest {

  private static final String PATH = "/api/v1/webhooks";

  @TempDir static Path folder;
  private static Receiver receiver;
  private static RunningRegistry registry;

  @BeforeAll
  static void start() throws Exception {
    receiver = new Receiver(folder);
    registry =
        RunningRegistry.start(
            "--spikemlp.registry.webhooks.allowed-hosts=localhost",
            "--spikemlp.registry.webhooks.trusted-certificates=" + receiver.certificate,
            "--spikemlp.registry.webhooks.first-delay=50ms",
            "--spikemlp.registry.webhooks.attempts=3");
  }

  @AfterAll
  static void stop() throws Exception {
    registry.close();
    receiver.close();
  }

  private static JsonNode create(String url, String model, String... kinds) {
    HttpResponse<byte[]> created =
        registry.sendAsAdmin(
            "POST", PATH, Map.of("url", url, "model", model, "kinds", List.of(kinds)));
    assertThat(created.statusCode()).as(detail(created)).isEqualTo(201);
    return json(created);
  }

  private static void register(String model, String job) {
    assertThat(registry.register(model, registry.request(job)).statusCode()).isEqualTo(201);
  }

  private static JsonNode deliveries(JsonNode webhook) {
    return json(
        registry.sendAsAdmin(
            "GET", PATH + "/" + webhook.at("/webhook/id").asString() + "/deliveries", Map.of()));
  }

  private static JsonNode ended(JsonNode webhook) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> deliveries(webhook),
            list -> !list.isEmpty() && !list.get(0).path("state").asString().equals("PENDING"))
        .get(0);
  }

  private static Receiver.Received received(String path) throws InterruptedException {
    Receiver.Received next =
        Objects.requireNonNull(
            receiver.received.poll(30, TimeUnit.SECONDS), "no delivery within 30 s");
    assertThat(next.path()).isEqualTo(path);
    return next;
  }

  @Test
  void anEventArrivesSignedAndTheSecretIsShownOnce() throws Exception {
    JsonNode webhook = create(receiver.url("localhost", "/signed?a=b"), "signed");
    String secret = webhook.path("secret").asString();
    assertThat(secret).startsWith("whsec_").hasSizeGreaterThan(40);
    register("another", "job");
    register("signed", "job");

    Receiver.Received delivery = received("/signed?a=b");
    assertThat(delivery.event()).isEqualTo(RegistryEvent.VERSION_CREATED);
    RegistryEvent event = RunningRegistry.JSON.readValue(delivery.body(), RegistryEvent.class);
    assertThat(event.model()).isEqualTo("signed");
    assertThat(event.version()).isEqualTo(1);
    String[] parts = delivery.signature().split("[=,]");
    assertThat(Instant.ofEpochSecond(Long.parseLong(parts[1])))
        .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
    mac.update((parts[1] + ".").getBytes(UTF_8));
    assertThat(parts[3]).isEqualTo(HexFormat.of().formatHex(mac.doFinal(delivery.body())));

    JsonNode log = ended(webhook);
    assertThat(log.path("state").asString()).isEqualTo("DELIVERED");
    assertThat(log.at("/log/0/status").asInt()).isEqualTo(204);
    String shown =
        new String(registry.sendAsAdmin("GET", PATH, Map.of()).body(), UTF_8) + deliveries(webhook);
    assertThat(shown).contains("/signed").doesNotContain(secret);
    assertThat(
            registry
                .jdbc()
                .sql("select string_agg(detail::text, '') from audit_log")
                .query(String.class)
                .single())
        .doesNotContain(secret);
  }

  @Test
  void aFailureIsTriedAgainAfterThePauseAskedForAndMayBeSentAgain() throws Exception {
    receiver.answers.add(new Receiver.Answer(503, Map.of("Retry-After", "1")));
    JsonNode webhook = create(receiver.url("localhost", "/retried"), "retried");
    register("retried", "job");
    long began = System.nanoTime();
    received("/retried");
    received("/retried");
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(900));
    JsonNode log = ended(webhook);
    assertThat(log.path("state").asString()).isEqualTo("DELIVERED");
    assertThat(log.path("attempts").asInt()).isEqualTo(2);
    assertThat(log.at("/log/0/status").asInt()).isEqualTo(503);

    HttpResponse<byte[]> again =
        registry.sendAsAdmin(
            "POST",
            PATH
                + "/"
                + webhook.at("/webhook/id").asString()
                + "/deliveries/"
                + log.path("id").asLong()
                + ":resend",
            Map.of());
    assertThat(again.statusCode()).isEqualTo(202);
    received("/retried");
    String id = webhook.at("/webhook/id").asString();
    assertThat(registry.sendAsAdmin("DELETE", PATH + "/" + id, Map.of()).statusCode())
        .isEqualTo(204);
    assertThat(
            json(registry.sendAsAdmin("GET", "/api/v1/audit?subject=" + id, Map.of()))
                .path("items")
                .findValuesAsString("action"))
        .containsExactly("webhook.delete", "webhook.resend", "webhook.create");
  }

  @Test
  void aRedirectIsNotFollowedAndAttemptsEnd() throws Exception {
    Map<String, String> elsewhere = Map.of("Location", receiver.url("localhost", "/elsewhere"));
    for (int i = 0; i < 3; i++) {
      receiver.answers.add(new Receiver.Answer(307, elsewhere));
    }
    JsonNode webhook = create(receiver.url("localhost", "/moved"), "moved");
    register("moved", "job");
    JsonNode log = ended(webhook);
    assertThat(log.path("state").asString()).isEqualTo("FAILED");
    assertThat(log.path("log")).hasSize(3);
    assertThat(log.at("/log/2/outcome").asString()).contains("redirect");
    for (int i = 0; i < 3; i++) {
      received("/moved");
    }
    assertThat(receiver.received).isEmpty();
  }

  @Test
  void anAddressThatIsNoLongerAllowedIsRefusedAtDelivery() throws Exception {
    JsonNode webhook = create(receiver.url("localhost", "/rebound"), "rebound");
    registry
        .jdbc()
        .sql(
            "update webhook set url = replace(url, 'localhost', '127.0.0.1') where model = 'rebound'")
        .update();
    register("rebound", "job");
    JsonNode log = ended(webhook);
    assertThat(log.path("state").asString()).isEqualTo("FAILED");
    assertThat(log.at("/log/0/outcome").asString()).startsWith("refused");
    assertThat(receiver.received).isEmpty();
  }

  @Test
  void onlyTheKindsAskedForAreDelivered() throws Exception {
    create(receiver.url("localhost", "/kinds"), "kinds", RegistryEvent.ALIAS_MOVED);
    register("kinds", "job");
    registry.sendJson("PUT", "/api/v1/models/kinds/aliases/champion", Map.of("version", 1));
    assertThat(received("/kinds").event()).isEqualTo(RegistryEvent.ALIAS_MOVED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost/", "https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/",
        "https://10.0.0.1/", "https://user@localhost/", "https://no-such-host.invalid/", "x"
      })
  void whereNothingMayBeDeliveredNoWebhookIsMade(String url) {
    HttpResponse<byte[]> refused = registry.sendAsAdmin("POST", PATH, Map.of("url", url));
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(code(refused)).isEqualTo("invalid-configuration");
    assertThat(json(refused).path("errors").get(0).path("field").asString()).isEqualTo("url");
    assertThat(registry.sendAsAdmin("GET", PATH, Map.of()).body())
        .asString(UTF_8)
        .doesNotContain("\"" + url + "\"");
  }
}
