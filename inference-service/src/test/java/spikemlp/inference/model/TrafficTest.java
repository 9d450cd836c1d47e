package spikemlp.inference.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.registry.ModelReference;
import spikemlp.inference.fixture.Pictures;
import spikemlp.inference.fixture.RegistryFixture;
import spikemlp.inference.fixture.RunningInference;
import spikemlp.inference.fixture.TinyModel;

@Timeout(120)
class TrafficTest {

  private static final ModelCard CARD = TinyModel.card(TinyModel.NETWORK);
  private static final ModelReference CHAMPION = ModelReference.parse("tiny@champion");
  private static final byte[] PICTURE = Pictures.encoded("png", 8, 8, 1);

  @TempDir Path directory;

  private static TrafficProperties canary(double share) {
    return new TrafficProperties(
        List.of(
            new TrafficProperties.Rule(
                "tiny@champion", new TrafficProperties.Share(2, share), null)));
  }

  @Test
  void aKeyMeetsTheSameVersionAndTheShareIsKept() {
    TrafficProperties quarter = canary(0.25);
    TrafficProperties half = canary(0.5);
    int taken = 0;
    for (int i = 0; i < 4_000; i++) {
      Optional<String> key = Optional.of("user-" + i);
      boolean first = quarter.canary(CHAMPION, key).isPresent();
      assertThat(quarter.canary(CHAMPION, key).isPresent()).isEqualTo(first);
      if (first) {
        taken++;
        assertThat(half.canary(CHAMPION, key)).contains(ModelReference.parse("tiny:2"));
      }
    }
    assertThat(taken).isBetween(900, 1_100);
    long drawn =
        IntStream.range(0, 4_000)
            .filter(i -> quarter.canary(CHAMPION, Optional.empty()).isPresent())
            .count();
    assertThat(drawn).isBetween(850L, 1_150L);
    assertThat(quarter.canary(ModelReference.parse("tiny"), Optional.empty())).isEmpty();
  }

  @Test
  void illegalRulesAreRefused() {
    TrafficProperties.Share share = new TrafficProperties.Share(2, 0.5);
    assertThatThrownBy(() -> new TrafficProperties.Rule("tiny:1", share, null))
        .hasMessageContaining("wants NAME or NAME@ALIAS, not 'tiny:1'");
    assertThatThrownBy(() -> new TrafficProperties.Rule("tiny", null, null))
        .hasMessageContaining("neither canary nor shadow");
    assertThatThrownBy(() -> new TrafficProperties.Share(0, 0.5))
        .hasMessageContaining("not 0 and 0.5");
    assertThatThrownBy(() -> new TrafficProperties.Share(1, 1.5))
        .isInstanceOf(IllegalArgumentException.class);
    TrafficProperties.Rule rule = new TrafficProperties.Rule("tiny", share, null);
    assertThatThrownBy(() -> new TrafficProperties(List.of(rule, rule)))
        .hasMessageContaining("two rules for 'tiny'");
  }

  @Test
  void aCanaryAnswersItsShareStickyByKeyAndAShadowIsComparedAndNeverAnswers() throws Exception {
    try (RegistryFixture registry = new RegistryFixture()) {
      registry.point(
          "tiny@champion",
          registry.add("tiny", 1, CARD, TinyModel.of(TinyModel.NETWORK, 1).bytes()));
      registry.add("tiny", 2, CARD, TinyModel.of(TinyModel.NETWORK, 2).bytes());
      registry.add("tiny", 3, CARD, TinyModel.of(TinyModel.NETWORK, 1).bytes());
      try (RunningInference service =
          new RunningInference(
              directory,
              registry.url(),
              "--spikemlp.inference.traffic.rules[0].reference=tiny@champion",
              "--spikemlp.inference.traffic.rules[0].canary.version=2",
              "--spikemlp.inference.traffic.rules[0].canary.share=0.5",
              "--spikemlp.inference.traffic.rules[0].shadow.version=3")) {
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() ->
                service.get("/api/v1/served-models").body().contains("\"version\":2")
                    || version(service, "warm-" + System.nanoTime()) == 2);
        Set<Integer> versions = new HashSet<>();
        for (int user = 0; user < 40; user++) {
          int first = version(service, "user-" + user);
          assertThat(version(service, "user-" + user)).isEqualTo(first);
          versions.add(first);
        }
        assertThat(versions).containsExactlyInAnyOrder(1, 2);
        await()
            .atMost(Duration.ofSeconds(60))
            .untilAsserted(() -> {
              assertThat(version(service, "again")).isIn(1, 2);
              assertThat(service.get("/actuator/prometheus").body())
                  .containsPattern(
                      "spikemlp_inference_shadow_total\\{model=\"tiny\","
                          + "outcome=\"agreed\",version=\"3\"\\}")
                  .containsPattern(
                      "spikemlp_inference_requests_total\\{model=\"tiny\",outcome=\"success\","
                          + "precision=\"fp32\",route=\"canary\",version=\"2\"\\}")
                  .contains("route=\"shadow\",version=\"3\"");
            });
      }
    }
  }

  private static int version(RunningInference service, String key) throws Exception {
    return RunningInference.classification(
            service.send(
                service
                    .request("/api/v1/classify/tiny@champion")
                    .header("Content-Type", "image/png")
                    .header("X-Routing-Key", key)
                    .POST(HttpRequest.BodyPublishers.ofByteArray(PICTURE))))
        .version();
  }
}
