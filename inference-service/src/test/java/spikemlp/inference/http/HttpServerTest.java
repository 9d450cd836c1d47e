package spikemlp.inference.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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
import spikemlp.inference.model.Serving;

/** What callers meet on the wire: connections that last, bodies that are read, errors that tell. */
@Timeout(120)
class HttpServerTest {

  private static final ModelCard CARD = TinyModel.card(TinyModel.NETWORK);
  private static final int LARGE = 7_000; // pixels a side, decoded for far longer than a look lasts

  private static final String PNG = "Content-Type: image/png\r\n";

  @TempDir Path directory;
  private RegistryFixture registry;
  private RunningInference service;
  private byte[] picture;

  @BeforeEach
  void start() throws Exception {
    registry = new RegistryFixture();
    registry.point(
        "tiny", registry.add("tiny", 1, CARD, TinyModel.of(TinyModel.NETWORK, 1).bytes()));
    service =
        new RunningInference(
            directory,
            registry.url(),
            "--spikemlp.inference.engine.computing=1",
            "--spikemlp.inference.engine.waiting=1",
            "--spikemlp.inference.engine.deadline=60s",
            "--spikemlp.inference.requests.decoders=1",
            "--spikemlp.inference.requests.pause-within=700ms");
    picture = Pictures.encoded("png", 8, 8, 1);
  }

  @AfterEach
  void stop() {
    service.close();
    registry.close();
  }

  private HttpResponse<String> classify(byte[] picture) throws Exception {
    return service.classify("tiny", "image/png", picture);
  }

  private byte[] post(byte[] body) {
    return service.wired("tiny", body);
  }

  @Test
  void whoIsRefusedKeepsHisConnection() throws Exception {
    assertThat(classify(picture).statusCode()).isEqualTo(200);
    byte[] request = post(picture);
    try (Wire wire = service.wire()) {
      try (Serving _ = service.place("tiny");
          Serving _ = service.place("tiny")) {
        for (int i = 0; i < 3; i++) {
          wire.send(request);
          assertThat(wire.answer())
              .startsWith("HTTP/1.1 503")
              .contains("Retry-After: 2", "\"code\":\"overloaded\"")
              .doesNotContainIgnoringCase("Connection: close");
        }
      }
      wire.send(request);
      assertThat(wire.answer()).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void whoIsRefusedWhileHeSendsReadsWhy() throws Exception {
    assertThat(classify(picture).statusCode()).isEqualTo(200);
    byte[] large = new byte[20 << 20]; // more than socket buffers hold
    for (String path : new String[] {"/api/v1/classify/tiny", "/api/v1/classify/other"}) {
      try (Serving _ = service.place("tiny");
          Serving _ = service.place("tiny");
          Wire wire = service.wire()) {
        wire.send(Wire.post(path, PNG, large)); // all of it, before it is looked what the answer is
        assertThat(wire.answer())
            .startsWith(path.endsWith("tiny") ? "HTTP/1.1 503" : "HTTP/1.1 401");
      }
    }
  }

  @Test
  void aRequestSentAheadOfTheAnswerIsAnsweredToo() throws Exception {
    assertThat(classify(picture).statusCode()).isEqualTo(200);
    byte[] large = Pictures.plain(LARGE);
    try (ExecutorService callers = Executors.newFixedThreadPool(1);
        Wire wire = service.wire()) {
      Future<HttpResponse<String>> first = callers.submit(() -> classify(large));
      LoadedModels loaded = service.bean(LoadedModels.class);
      await().until(() -> loaded.inHand() == 1);
      byte[] request = post(picture);
      wire.send(request); // waits for the one decoder, which asks now and then who has gone
      await().until(() -> loaded.inHand() == 2);
      wire.send(request);
      assertThat(wire.answer()).startsWith("HTTP/1.1 200");
      assertThat(wire.answer()).startsWith("HTTP/1.1 200");
      assertThat(first.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aPauseOfTheServiceIsNotOneOfTheCaller() throws Exception {
    registry.holdDownloads();
    try (Wire wire = service.wire()) {
      wire.send(post(picture));
      LoadedModels loaded = service.bean(LoadedModels.class);
      await().until(() -> loaded.inHand() == 1);
      await().pollDelay(Duration.ofMillis(1500)).until(() -> true); // twice what he may pause
      registry.letDownloadsGo();
      assertThat(wire.answer()).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void whoPausesTooLongIsToldSo() throws Exception {
    assertThat(classify(picture).statusCode()).isEqualTo(200);
    byte[] request = post(picture);
    try (Wire wire = service.wire()) {
      wire.send(Arrays.copyOf(request, request.length - 1));
      assertThat(wire.answer()).startsWith("HTTP/1.1 408").contains("body-too-slow");
    }
  }

  @Test
  void whatIsNotHttpIsAProblem() throws Exception {
    for (String wrong :
        new String[] {
          "POST /api/v1/classify/tiny HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
          "GET /api/v1/%zz HTTP/1.1\r\nHost: a\r\n\r\n",
          "GET /a|<b> HTTP/1.1\r\nHost: a\r\n\r\n",
          "POST /api/v1/classify/tiny HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
          "hello\r\n\r\n"
        }) {
      try (Wire wire = service.wire()) {
        wire.send(wrong.getBytes(StandardCharsets.US_ASCII));
        assertThat(wire.answer())
            .as(wrong)
            .startsWith("HTTP/1.1 400")
            .contains("\"code\":\"invalid-request\"")
            .doesNotContain("<html", "Exception");
      }
    }
  }

  @Test
  void requestsWithoutAPathAreAnswered() throws Exception {
    for (String strange :
        new String[] {
          "POST http://a HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
          "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
          "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n"
        }) {
      try (Wire wire = service.wire()) {
        wire.send(strange.getBytes(StandardCharsets.US_ASCII));
        assertThat(wire.read(10)).as(strange).isEqualTo("HTTP/1.1 4");
      }
    }
  }
}
