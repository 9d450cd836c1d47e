package spikemlp.inference.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.classify.Classification;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.export.OnnxExporter;
import spikemlp.inference.engine.LoadedModels;
import spikemlp.inference.fixture.Pictures;
import spikemlp.inference.fixture.RegistryFixture;
import spikemlp.inference.fixture.RunningInference;
import spikemlp.inference.fixture.TinyModel;
import spikemlp.inference.fixture.Wire;
import spikemlp.inference.model.Serving;
import spikemlp.network.SpikingMlp;

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

  /** Of a network that computes for some milliseconds. */
  private RegistryFixture slowRegistry() throws Exception {
    NetworkConfig network = NetworkConfig.of(32, 32, 4, 48, List.of(2, 2), 4);
    Path file = directory.resolve("slow.onnx");
    try (SpikingMlp core = SpikingMlp.create(network, 1)) {
      OnnxExporter.export(core.weights(), TinyModel.card(network), file);
    }
    RegistryFixture registry = new RegistryFixture();
    registry.point(
        "tiny", registry.add("tiny", 1, TinyModel.card(network), Files.readAllBytes(file)));
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

  /** A minute of it: {@code -Dspikemlp.test.overload-seconds=60}. */
  @Test
  void underFarMoreThanItComputesAcceptedRequestsKeepTheirDeadlineAndNothingIsHeld()
      throws Exception {
    Duration length = Duration.ofSeconds(Integer.getInteger("spikemlp.test.overload-seconds", 3));
    int callers = 48;
    double deadlineMillis = 2_000;
    byte[] picture = Pictures.encoded("png", 32, 32, 1);
    try (RegistryFixture registry = slowRegistry();
        RunningInference service =
            new RunningInference(
                directory,
                registry.url(),
                "--spikemlp.inference.engine.computing=1",
                "--spikemlp.inference.engine.waiting=3",
                "--spikemlp.inference.resolved-for=500ms",
                "--spikemlp.inference.engine.deadline=2s");
        ExecutorService threads = Executors.newFixedThreadPool(callers)) {
      Classification idle = RunningInference.classification(classify(service, picture));
      long end = System.nanoTime() + length.toNanos();
      AtomicInteger answered = new AtomicInteger();
      AtomicInteger refused = new AtomicInteger();
      List<Future<?>> calls = new ArrayList<>();
      for (int caller = 0; caller < callers; caller++) {
        calls.add(
            threads.submit(() -> {
              while (System.nanoTime() < end) {
                HttpResponse<String> response = classify(service, picture);
                if (response.statusCode() == 503) {
                  assertThat(RunningInference.code(response)).isEqualTo("overloaded");
                  refused.incrementAndGet();
                } else if (response.statusCode() == 504) {
                  // A machine that did not come to read it in time; it was never accepted.
                  assertThat(RunningInference.detail(response))
                      .contains("before it was in the queue");
                  refused.incrementAndGet();
                } else {
                  Classification answer = RunningInference.classification(response);
                  assertThat(answer.waitMillis() + answer.computeMillis())
                      .isLessThan(deadlineMillis);
                  assertThat(answer.energy()).isEqualTo(idle.energy());
                  answered.incrementAndGet();
                }
              }
              return null;
            }));
      }
      for (Future<?> call : calls) {
        call.get(length.toSeconds() + 60, TimeUnit.SECONDS);
      }
      System.out.printf("%d answered, %d refused in %s%n", answered.get(), refused.get(), length);
      assertThat(answered.get()).isPositive();
      assertThat(refused.get()).isGreaterThan(answered.get());
      assertThat(service.bean(LoadedModels.class).inHand()).isZero();
      assertThat(service.get("/actuator/prometheus").body())
          .contains("spikemlp_inference_request_memory_bytes 0.0");
      Classification after = RunningInference.classification(classify(service, picture));
      assertThat(after.predictions()).isEqualTo(idle.predictions());
    }
  }

  /** A service each of whose versions has one request that computes and one that waits. */
  private RunningInference withTwoPlaces(RegistryFixture registry, String... more) {
    return new RunningInference(
        directory,
        registry.url(),
        Stream.concat(
                Stream.of(
                    "--spikemlp.inference.engine.computing=1",
                    "--spikemlp.inference.engine.waiting=1"),
                Stream.of(more))
            .toArray(String[]::new));
  }

  @Test
  void pastThePlacesOneIsToldWhenToComeBackAndThoseInHandAreAnswered() throws Exception {
    byte[] picture = Pictures.encoded("png", 8, 8, 1);
    try (RegistryFixture registry = registry();
        RunningInference service =
            withTwoPlaces(registry, "--spikemlp.inference.engine.deadline=60s");
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
  void whatIsFullRefusesBeforeAnythingElseIsLookedAt() throws Exception {
    byte[] picture = Pictures.encoded("png", 8, 8, 1);
    try (RegistryFixture registry = registry();
        RunningInference service = withTwoPlaces(registry)) {
      assertThat(classify(service, picture).statusCode()).isEqualTo(200);
      try (Serving _ = service.place("tiny");
          Serving _ = service.place("tiny")) {
        long asked = System.nanoTime();
        HttpResponse<String> refused = withoutToken(service, "/api/v1/classify/tiny");
        assertThat(System.nanoTime() - asked)
            .as("who asks again at once must not take the cores, ns")
            .isGreaterThanOrEqualTo(50_000_000);
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(RunningInference.code(refused)).isEqualTo("overloaded");
        assertThat(refused.headers().firstValue("Retry-After")).contains("2");
        HttpResponse<String> protocol = withoutToken(service, "/v2/models/tiny/infer");
        assertThat(protocol.statusCode()).isEqualTo(503);
        assertThat(RunningInference.json(protocol).path("error").asString()).isNotBlank();

        assertThat(withoutToken(service, "/api/v1/classify/other").statusCode()).isEqualTo(401);
        assertThat(withoutToken(service, "/api/v1/classify/tiny?precision=int8").statusCode())
            .isEqualTo(401);
        HttpResponse<String> later = service.classify("tiny?precision=fp32", "image/png", picture);
        assertThat(later.statusCode()).isEqualTo(503);
        assertThat(service.get("/v2/models/tiny/stats").statusCode()).isEqualTo(200);
      }
      assertThat(classify(service, picture).statusCode()).isEqualTo(200);
      assertThat(withoutToken(service, "/api/v1/classify/tiny").statusCode()).isEqualTo(401);
    }
  }

  @Test
  void whoSendsSlowlyHoldsNoPlace() throws Exception {
    byte[] picture = Pictures.encoded("png", 8, 8, 1);
    try (RegistryFixture registry = registry();
        RunningInference service =
            withTwoPlaces(registry, "--spikemlp.inference.requests.pause-within=60s")) {
      assertThat(classify(service, picture).statusCode()).isEqualTo(200);
      try (Wire _ = slowly(service);
          Wire _ = slowly(service);
          Wire _ = slowly(service)) {
        await()
            .during(Duration.ofSeconds(1))
            .atMost(Duration.ofSeconds(15)) // less than a body may take to arrive
            .until(() -> classify(service, picture).statusCode() == 200);
      }
    }
  }

  /** A request of which all but a byte of the body is sent. */
  private static Wire slowly(RunningInference service) throws Exception {
    byte[] request = service.wired("tiny", new byte[2]);
    Wire wire = service.wire();
    wire.send(Arrays.copyOf(request, request.length - 1));
    return wire;
  }

  private static HttpResponse<String> withoutToken(RunningInference service, String path)
      throws Exception {
    return service.send(
        HttpRequest.newBuilder(service.base().resolve(path))
            .POST(HttpRequest.BodyPublishers.ofString("x")));
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
