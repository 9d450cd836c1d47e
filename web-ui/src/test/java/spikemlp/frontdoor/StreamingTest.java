package spikemlp.frontdoor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StreamingTest {

  private static FrontDoorFixture door;

  @BeforeAll
  static void open() throws Exception {
    door = new FrontDoorFixture();
  }

  @AfterAll
  static void close() {
    door.close();
  }

  @Test
  void anEventArrivesBeforeTheNextIsWritten() throws Exception {
    CountDownLatch firstSeen = new CountDownLatch(1);
    door.trainer.answer(exchange -> {
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      OutputStream events = exchange.getResponseBody();
      events.write("id: 1\nevent: progress\ndata: {}\n\n".getBytes(UTF_8));
      events.flush();
      if (await(firstSeen)) {
        events.write("id: 2\nevent: end\ndata: {}\n\n".getBytes(UTF_8));
      }
      exchange.close();
    });
    HttpResponse<InputStream> answer =
        door.send(
            door.request("/api/v1/training-jobs/1/events").header("Accept", "text/event-stream"),
            BodyHandlers.ofInputStream());
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/event-stream");
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), UTF_8))) {
      assertThat(lines.readLine()).isEqualTo("id: 1");
      firstSeen.countDown();
      assertThat(lines.lines()).contains("id: 2", "event: end");
    }
  }

  @Test
  void aReaderWhoLeavesEndsTheStreamAtTheService() throws Exception {
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    door.trainer.answer(exchange -> {
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      try (OutputStream events = exchange.getResponseBody()) {
        for (int i = 0; i < 2_000; i++) {
          events.write((": heartbeat" + " ".repeat(1_000) + "\n\n").getBytes(UTF_8));
          events.flush();
          TimeUnit.MILLISECONDS.sleep(5);
        }
        ended.complete(false);
      } catch (IOException gone) {
        ended.complete(true);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
    });
    HttpResponse<InputStream> answer =
        door.send(door.request("/api/v1/training-jobs/1/events"), BodyHandlers.ofInputStream());
    try (InputStream body = answer.body()) {
      assertThat(body.read()).isEqualTo(':');
    }
    assertThat(ended.get(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void anUploadReachesTheServiceWhileItIsStillBeingSent() throws Exception {
    CountDownLatch firstByteSeen = new CountDownLatch(1);
    AtomicLong received = new AtomicLong();
    door.registry.answer(exchange -> {
      InputStream body = exchange.getRequestBody();
      byte[] buffer = new byte[65_536];
      for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
        received.addAndGet(n);
        firstByteSeen.countDown();
      }
      FakeService.send(exchange, 201, "stored");
    });
    long size = 64L << 20;
    PipedOutputStream sender = new PipedOutputStream();
    PipedInputStream content = new PipedInputStream(sender, 1 << 16);
    CompletableFuture<Boolean> overlapped =
        CompletableFuture.supplyAsync(() -> {
          byte[] chunk = new byte[1 << 16];
          Arrays.fill(chunk, (byte) 7);
          try (sender) {
            sender.write(chunk);
            sender.write(chunk);
            sender.flush();
            boolean seen = await(firstByteSeen);
            for (long sent = 2L * chunk.length; sent < size; sent += chunk.length) {
              sender.write(chunk);
            }
            return seen;
          } catch (IOException broken) {
            return false;
          }
        });
    HttpResponse<String> answer =
        door.send(
            door.request("/api/v1/artifacts/00ff")
                .PUT(
                    BodyPublishers.fromPublisher(
                        BodyPublishers.ofInputStream(() -> content), size)),
            BodyHandlers.ofString());
    assertThat(overlapped.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(received.get()).isEqualTo(size);
  }

  @Test
  void theDeclaredLengthOfAnUploadPasses() throws Exception {
    door.inference.answer(exchange -> FakeService.echo("inference", exchange));
    HttpResponse<String> answer =
        door.send(
            door.request("/api/v1/classify/digits")
                .header("Content-Type", "image/png")
                .POST(BodyPublishers.ofByteArray(new byte[12_345])),
            BodyHandlers.ofString());
    assertThat(answer.body())
        .containsIgnoringCase("Content-Length: [12345]")
        .containsIgnoringCase("Content-Type: [image/png]");
  }

  @Test
  void aBodyThatIsCalledAFormPassesUnchanged() throws Exception {
    byte[] picture = {(byte) 0xFF, (byte) 0xD8, '%', 'z', '&', '=', 0, (byte) 0xFF};
    CompletableFuture<byte[]> received = new CompletableFuture<>();
    door.inference.answer(exchange -> {
      received.complete(exchange.getRequestBody().readAllBytes());
      FakeService.send(exchange, 200, "read");
    });
    HttpResponse<String> answer =
        door.send(
            door.request("/api/v1/classify/digits?topK=3")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofByteArray(picture)),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(received.get(20, TimeUnit.SECONDS)).isEqualTo(picture);
  }

  @Test
  void binaryTensorsAndTheLengthOfTheirJsonPassBothWaysUnchanged() throws Exception {
    byte[] body = new byte[300_000];
    for (int i = 0; i < body.length; i++) {
      body[i] = (byte) (i * 31);
    }
    CompletableFuture<String> header = new CompletableFuture<>();
    door.inference.answer(exchange -> {
      header.complete(exchange.getRequestHeaders().getFirst("Inference-Header-Content-Length"));
      byte[] received = exchange.getRequestBody().readAllBytes();
      exchange.getResponseHeaders().set("Inference-Header-Content-Length", "99");
      exchange.sendResponseHeaders(200, received.length);
      exchange.getResponseBody().write(received);
      exchange.close();
    });
    HttpResponse<byte[]> answer =
        door.send(
            door.request("/v2/models/digits/infer")
                .header("Inference-Header-Content-Length", "123")
                .POST(BodyPublishers.ofByteArray(body)),
            BodyHandlers.ofByteArray());
    assertThat(header.get(20, TimeUnit.SECONDS)).isEqualTo("123");
    assertThat(answer.headers().firstValue("Inference-Header-Content-Length")).contains("99");
    assertThat(answer.body()).isEqualTo(body);
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
