package spikemlp.inference.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.contract.card.ModelCard;
import spikemlp.inference.engine.LoadedModels;
import spikemlp.inference.fixture.Pictures;
import spikemlp.inference.fixture.RegistryFixture;
import spikemlp.inference.fixture.RunningInference;
import spikemlp.inference.fixture.TinyModel;
import spikemlp.inference.fixture.Wire;

/** A caller who closes the connection while his picture waits for the one decoder. */
@Timeout(120)
class DisconnectTest {

  private static final ModelCard CARD = TinyModel.card(TinyModel.NETWORK);
  private static final int SIDE = 7_000; // its decoding takes far longer than a look at the caller

  @TempDir Path directory;

  @Test
  void hisRequestIsDroppedAndTheOthersAreAnswered() throws Exception {
    try (RegistryFixture registry = new RegistryFixture()) {
      registry.point(
          "tiny", registry.add("tiny", 1, CARD, TinyModel.of(TinyModel.NETWORK, 1).bytes()));
      try (RunningInference service =
              new RunningInference(
                  directory,
                  registry.url(),
                  "--spikemlp.inference.requests.decoders=1",
                  "--spikemlp.inference.engine.deadline=60s");
          ExecutorService callers = Executors.newFixedThreadPool(1)) {
        byte[] small = Pictures.encoded("png", 8, 8, 1);
        assertThat(service.classify("tiny", "image/png", small).statusCode()).isEqualTo(200);
        byte[] large = Pictures.plain(SIDE);
        Future<HttpResponse<String>> slow =
            callers.submit(() -> service.classify("tiny", "image/png", large));
        LoadedModels loaded = service.bean(LoadedModels.class);
        await().until(() -> loaded.inHand() == 1);
        try (Wire wire = service.wire()) {
          wire.send(service.wired("tiny", small));
          await().until(() -> loaded.inHand() == 2);
        }
        await()
            .atMost(Duration.ofSeconds(30))
            .untilAsserted(() ->
                assertThat(service.get("/actuator/prometheus").body())
                    .contains(
                        "spikemlp_inference_refused_total{code=\"client-closed-request\"} 1.0"));
        assertThat(slow.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        assertThat(loaded.inHand()).isZero();
      }
    }
  }
}
