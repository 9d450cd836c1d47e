package spikemlp.inference.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.classify.Classification;
import spikemlp.inference.engine.LoadedModels;
import spikemlp.inference.fixture.Pictures;
import spikemlp.inference.fixture.RegistryFixture;
import spikemlp.inference.fixture.RunningInference;
import spikemlp.inference.fixture.TinyModel;

/** More requests than the service can take. Nothing may hang, mix answers or stay open. */
@Timeout(180)
class OverloadTest {

  private static final ModelCard CARD = TinyModel.card(TinyModel.NETWORK);

  @TempDir Path directory;

  private static RegistryFixture registry() throws Exception {
    RegistryFixture registry = new RegistryFixture();
    registry.point(
        "tiny", registry.add("tiny", 1, CARD, TinyModel.of(TinyModel.NETWORK, 3).bytes()));
    return registry;
  }

  private static HttpResponse<String> classify(RunningInference service, byte[] picture)
      throws Exception {
    return service.classify("tiny", "image/png", picture);
  }

  @Test
  void manyCallersGetTheirOwnAnswersOrAreToldToComeBack() throws Exception {
    int callers = 12;
    int pictures = 6;
    try (RegistryFixture registry = registry();
        RunningInference service =
            new RunningInference(
                directory,
                registry.url(),
                "--spikemlp.inference.engine.computing=2",
                "--spikemlp.inference.engine.waiting=4");
        ExecutorService threads = Executors.newFixedThreadPool(callers)) {
      List<byte[]> bodies = new ArrayList<>();
      List<Classification> alone = new ArrayList<>();
      for (int i = 0; i < pictures; i++) {
        bodies.add(Pictures.encoded("png", 8, 8, i));
        alone.add(RunningInference.classification(classify(service, bodies.get(i))));
      }
      List<Future<Integer>> answered = new ArrayList<>();
      for (int caller = 0; caller < callers; caller++) {
        int first = caller;
        answered.add(threads.submit(() -> callAgainAndAgain(service, bodies, alone, first)));
      }
      int right = 0;
      for (Future<Integer> answers : answered) {
        right += answers.get(120, TimeUnit.SECONDS);
      }
      assertThat(right).isPositive();
      assertThat(service.bean(LoadedModels.class).inHand()).isZero();
      LoadedModels loaded = service.bean(LoadedModels.class);
      assertThat(loaded.openSessions()).isEqualTo(1);
      service.context().close();
      assertThat(loaded.openSessions()).isZero();
    }
  }

  private static int callAgainAndAgain(
      RunningInference service, List<byte[]> bodies, List<Classification> alone, int first)
      throws Exception {
    int right = 0;
    for (int i = 0; i < 20; i++) {
      int picture = (first + i) % bodies.size();
      HttpResponse<String> response = classify(service, bodies.get(picture));
      if (response.statusCode() == 503) {
        assertThat(RunningInference.code(response)).isEqualTo("overloaded");
      } else {
        Classification answer = RunningInference.classification(response);
        assertThat(answer.predictions()).isEqualTo(alone.get(picture).predictions());
        assertThat(answer.energy()).isEqualTo(alone.get(picture).energy());
        right++;
      }
    }
    return right;
  }

  @Test
  void pastThePlacesOneIsToldWhenToComeBackAndThoseInHandAreAnswered() throws Exception {
    byte[] picture = Pictures.encoded("png", 8, 8, 1);
    try (RegistryFixture registry = registry();
        RunningInference service =
            new RunningInference(
                directory,
                registry.url(),
                "--spikemlp.inference.engine.computing=1",
                "--spikemlp.inference.engine.waiting=1",
                "--spikemlp.inference.engine.deadline=60s");
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      registry.holdDownloads();
      List<Future<HttpResponse<String>>> inHand =
          List.of(
              threads.submit(() -> classify(service, picture)),
              threads.submit(() -> classify(service, picture)));
      LoadedModels loaded = service.bean(LoadedModels.class);
      await().atMost(Duration.ofSeconds(30)).until(() -> loaded.inHand() == 2);
      HttpResponse<String> refused = classify(service, picture);
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(RunningInference.code(refused)).isEqualTo("overloaded");
      assertThat(refused.headers().firstValue("Retry-After")).contains("2");
      registry.letDownloadsGo();
      for (Future<HttpResponse<String>> answer : inHand) {
        assertThat(answer.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
      }
      assertThat(registry.downloads()).isEqualTo(1);
    }
  }

  @Test
  void pastItsDeadlineARequestIsAnsweredWithATimeout() throws Exception {
    try (RegistryFixture registry = registry();
        RunningInference service =
            new RunningInference(
                directory, registry.url(), "--spikemlp.inference.engine.deadline=100ms")) {
      registry.holdDownloads();
      HttpResponse<String> late = classify(service, Pictures.encoded("png", 8, 8, 1));
      assertThat(late.statusCode()).isEqualTo(504);
      assertThat(RunningInference.code(late)).isEqualTo("deadline-exceeded");
      assertThat(RunningInference.detail(late))
          .contains("no answer within 100 ms", "while model tiny:1 was loaded");
      assertThat(service.bean(LoadedModels.class).inHand()).isZero();
    }
  }
}
