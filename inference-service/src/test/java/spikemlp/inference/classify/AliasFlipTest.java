package spikemlp.inference.classify;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.classify.Classification;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.inference.engine.LoadedModels;
import spikemlp.inference.fixture.Pictures;
import spikemlp.inference.fixture.RegistryFixture;
import spikemlp.inference.fixture.RunningInference;
import spikemlp.inference.fixture.TinyModel;

/** An alias goes to and fro between two versions while requests are answered. */
@Timeout(300)
class AliasFlipTest {

  private static final ModelCard CARD = TinyModel.card(TinyModel.NETWORK);
  private static final byte[] PICTURE = Pictures.encoded("png", 8, 8, 1);
  private static final int FLIPS = 1_000;
  private static final int CALLERS = 4;

  @TempDir Path directory;

  @Test
  void noRequestFailsAndEachAnswerIsItsVersions() throws Exception {
    try (RegistryFixture registry = new RegistryFixture()) {
      List<ModelVersion> versions =
          List.of(
              registry.add("tiny", 1, CARD, TinyModel.of(TinyModel.NETWORK, 1).bytes()),
              registry.add("tiny", 2, CARD, TinyModel.of(TinyModel.NETWORK, 2).bytes()));
      registry.point("tiny@champion", versions.get(0));
      try (RunningInference service = new RunningInference(directory, registry.url());
          ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
        Classification first = answer(service, "tiny:1");
        Classification second = answer(service, "tiny:2");
        assertThat(first.predictions()).isNotEqualTo(second.predictions());
        AtomicBoolean flipping = new AtomicBoolean(true);
        List<Future<List<Integer>>> seen = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
          seen.add(
              callers.submit(() -> {
                List<Integer> answered = new ArrayList<>();
                while (flipping.get()) {
                  Classification answer = answer(service, "tiny@champion");
                  assertThat(answer.predictions())
                      .isEqualTo((answer.version() == 1 ? first : second).predictions());
                  answered.add(answer.version());
                }
                return answered;
              }));
        }
        for (int flip = 0; flip < FLIPS; flip++) {
          registry.point("tiny@champion", versions.get(flip % 2));
          TimeUnit.MILLISECONDS.sleep(2);
        }
        flipping.set(false);
        for (Future<List<Integer>> answers : seen) {
          assertThat(answers.get(60, TimeUnit.SECONDS)).contains(1, 2);
        }
        assertThat(service.bean(LoadedModels.class).openSessions()).isEqualTo(2);
      }
    }
  }

  private static Classification answer(RunningInference service, String reference)
      throws Exception {
    HttpResponse<String> response = service.classify(reference, "image/png", PICTURE);
    return RunningInference.classification(response);
  }
}
