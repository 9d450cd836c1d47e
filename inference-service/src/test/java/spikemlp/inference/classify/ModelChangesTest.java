package spikemlp.inference.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.inference.fixture.Pictures;
import spikemlp.inference.fixture.RegistryFixture;
import spikemlp.inference.fixture.RunningInference;
import spikemlp.inference.fixture.TinyModel;

/** Versions come, go and break while the service answers. */
@Timeout(120)
class ModelChangesTest {

  private static final ModelCard CARD = TinyModel.card(TinyModel.NETWORK);
  private static final byte[] PICTURE = Pictures.encoded("png", 8, 8, 1);

  @TempDir static Path directory;
  private static RegistryFixture registry;
  private static RunningInference service;

  @BeforeAll
  static void start() throws IOException {
    registry = new RegistryFixture();
    service = new RunningInference(directory, registry.url());
  }

  @AfterAll
  static void stop() {
    service.close();
    registry.close();
  }

  @AfterEach
  void registryIsBack() {
    registry.failing(false);
  }

  private static ModelVersion add(String model, int version, long seed) {
    return registry.add(model, version, CARD, TinyModel.of(TinyModel.NETWORK, seed).bytes());
  }

  private static HttpResponse<String> classify(String reference) throws Exception {
    return service.classify(reference, "image/png", PICTURE);
  }

  private static int version(String reference) throws Exception {
    return RunningInference.classification(classify(reference)).version();
  }

  @Test
  void whatIsKnownIsServedOnWhenTheRegistryIsGone() throws Exception {
    registry.point("known", add("known", 1, 21));
    registry.point("unasked", add("unasked", 1, 22));
    assertThat(version("known")).isEqualTo(1);
    registry.failing(true);
    assertThat(version("known")).isEqualTo(1);
    HttpResponse<String> response = classify("unasked");
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(RunningInference.code(response)).isEqualTo("registry-unavailable");
    assertThat(RunningInference.detail(response)).contains("resolve 'unasked'", "answered 500");
    assertThat(response.headers().firstValue("Retry-After")).isPresent();
    registry.failing(false);
    assertThat(version("unasked")).isEqualTo(1);
  }

  @Test
  void whileTheRegistryHangsOneRequestWaitsForItAndTheOthersAreAnswered() throws Exception {
    registry.point("hung", add("hung", 1, 23));
    try (RunningInference patient =
            new RunningInference(
                directory, registry.url(), "--spikemlp.inference.answer-within=60s");
        ExecutorService caller = Executors.newSingleThreadExecutor()) {
      Callable<HttpResponse<String>> call = () -> patient.classify("hung", "image/png", PICTURE);
      assertThat(call.call().statusCode()).isEqualTo(200);
      registry.hang();
      Future<HttpResponse<String>> asks = caller.submit(call);
      await().atMost(Duration.ofSeconds(30)).until(() -> registry.asking() == 1);
      for (int i = 0; i < 3; i++) {
        assertThat(call.call().statusCode()).isEqualTo(200);
      }
      assertThat(asks).isNotDone();
      registry.answerAgain();
      assertThat(asks.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void whenAnAliasMovesTheOldVersionAnswersUntilTheNewOneIsLoaded() throws Exception {
    ModelVersion first = add("moving", 1, 31);
    ModelVersion second = add("moving", 2, 32);
    registry.point("moving@champion", first);
    assertThat(version("moving@champion")).isEqualTo(1);
    registry.holdDownloads();
    registry.point("moving@champion", second);
    assertThat(version("moving@champion")).isEqualTo(1);
    assertThat(version("moving@champion")).isEqualTo(1);
    registry.letDownloadsGo();
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(version("moving@champion")).isEqualTo(2));
    assertThat(version("moving:1")).isEqualTo(1);
  }

  @Test
  void aVersionThatCannotBeLoadedLeavesTheOldOne() throws Exception {
    ModelVersion good = add("broken", 1, 41);
    ModelVersion broken =
        registry.add(
            "broken",
            2,
            CARD,
            TinyModel.of(TinyModel.NETWORK, 42).withCard(Optional.empty()).bytes());
    registry.point("broken", good);
    assertThat(version("broken")).isEqualTo(1);
    registry.point("broken", broken);
    HttpResponse<String> byNumber = classify("broken:2");
    assertThat(byNumber.statusCode()).isEqualTo(502);
    assertThat(RunningInference.code(byNumber)).isEqualTo("unusable-model");
    assertThat(RunningInference.detail(byNumber))
        .contains("broken:2", "spikemlp.model_card")
        .doesNotContain(directory.toString());
    assertThat(version("broken")).isEqualTo(1);
  }

  @Test
  void aFileThatIsNotWhatWasPromisedIsNeverLoadedNorKept() throws Exception {
    ModelVersion version = add("tampered", 1, 51);
    byte[] other = TinyModel.of(TinyModel.NETWORK, 52).bytes();
    registry.tamper(version, other);
    HttpResponse<String> response = classify("tampered:1");
    assertThat(response.statusCode()).isEqualTo(502);
    assertThat(RunningInference.code(response)).isEqualTo("bad-artifact");
    assertThat(RunningInference.detail(response))
        .contains(RegistryFixture.modelFile(version).sha256(), RegistryFixture.sha256(other));
    assertThat(service.get("/api/v1/served-models").body()).doesNotContain("tampered");
    try (var files = Files.list(directory.resolve("cache"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.startsWith(RegistryFixture.modelFile(version).sha256()));
    }
  }

  @Test
  void aFileThatIsShorterThanPromisedIsRefused() throws Exception {
    ModelVersion version = add("short", 1, 61);
    registry.tamper(version, "short".getBytes(StandardCharsets.UTF_8));
    HttpResponse<String> response = classify("short:1");
    assertThat(RunningInference.code(response)).isEqualTo("bad-artifact");
    assertThat(RunningInference.detail(response)).contains("but 5 arrived");
  }
}
