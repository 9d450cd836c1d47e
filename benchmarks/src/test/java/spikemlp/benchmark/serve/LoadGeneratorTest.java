package spikemlp.benchmark.serve;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The generator against servers whose behaviour is known. */
@Timeout(60)
final class LoadGeneratorTest {

  private static final byte[] REQUEST = Connection.post("/", "", new byte[100]);

  private final AtomicInteger served = new AtomicInteger();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  private LoadGenerator generator() {
    return new LoadGenerator(server.getAddress().getPort(), REQUEST);
  }

  private void serve(int status, Duration stall, int stalled) {
    server.createContext("/", exchange -> answer(exchange, status, stall, stalled));
  }

  private void answer(HttpExchange exchange, int status, Duration stall, int stalled)
      throws IOException {
    exchange.getRequestBody().readAllBytes();
    if (served.getAndIncrement() == stalled) {
      for (long end = System.nanoTime() + stall.toNanos(); System.nanoTime() < end; ) {
        LockSupport.parkNanos(end - System.nanoTime());
      }
    }
    byte[] body = new byte[10];
    exchange.sendResponseHeaders(status, status == 200 ? 0 : body.length); // 0: chunked
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Test
  void whatAStallMakesLaterRequestsWaitIsCounted() {
    serve(200, Duration.ofSeconds(1), 20);
    Load load = generator().open(50, 1, Duration.ofSeconds(3));
    assertThat(load.answered()).isEqualTo(150);
    assertThat(load.failed() + load.refused()).isZero();
    assertThat(load.clientCores()).as("one thread that mostly waits").isBetween(0.0, 0.5);
    // 50 requests were due within the stall; on one connection the first of them waited for a
    // second and the last hardly. Only one was sent slowly.
    assertThat(load.latency().max()).isGreaterThan(990);
    assertThat(load.latency().p90()).isGreaterThan(400);
  }

  @Test
  void aFreeConnectionTakesWhatIsDue() {
    serve(200, Duration.ofSeconds(1), 20);
    Load load = generator().open(50, 8, Duration.ofSeconds(3));
    assertThat(load.answered()).isEqualTo(150);
    assertThat(load.latency().p90()).isLessThan(400);
    assertThat(load.latency().max()).isGreaterThan(990);
  }

  @Test
  void aConnectionThatTheServerGaveUpWhileItLayIdleIsNoFailure() throws IOException {
    try (ServerSocket impatient = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      threads.execute(() -> answerUntilIdle(impatient));
      Load load =
          new LoadGenerator(impatient.getLocalPort(), REQUEST).open(0.25, 1, Duration.ofSeconds(9));
      assertThat(load.answered()).isEqualTo(3);
      assertThat(load.failed()).isZero();
    }
  }

  /** Answers each connection's one request and closes it 1 s later. */
  private void answerUntilIdle(ServerSocket server) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        socket.setSoTimeout(1000);
        InputStream in = socket.getInputStream();
        in.readNBytes(REQUEST.length);
        socket
            .getOutputStream()
            .write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(US_ASCII));
        var _ = in.read();
      } catch (IOException e) {
        // Nothing came for a second, or the test is over.
      }
    }
  }

  @Test
  void refusalsAndFailuresAreCountedApart() {
    serve(503, Duration.ZERO, -1);
    Load refused = generator().open(100, 4, Duration.ofSeconds(1));
    assertThat(refused.refused()).isEqualTo(100);
    assertThat(refused.answered() + refused.failed()).isZero();
    server.removeContext("/");
    Load failed = generator().open(100, 4, Duration.ofSeconds(1));
    assertThat(failed.failed()).isEqualTo(100);
  }

  @Test
  void clientsOfAClosedLoopSendWhenTheyWereAnswered() {
    serve(200, Duration.ZERO, -1);
    Load load = generator().closed(2, Duration.ofSeconds(1));
    assertThat(load.answered()).isEqualTo(served.get()).isGreaterThan(20);
    assertThat(load.offered()).isZero();
    assertThat(load.clientCores()).as("a thread that waits for answers").isBetween(0.001, 1.0);
  }

  @Test
  void quantilesAreThoseOfTheSortedLatencies() {
    Latency latency = new Latency(LongStream.range(0, 100).map(i -> (100 - i) * 1_000_000L));
    assertThat(List.of(latency.p50(), latency.p90(), latency.p99(), latency.max()))
        .containsExactly(50.0, 90.0, 99.0, 100.0);
    assertThat(List.of(Latency.NONE.p50(), Latency.NONE.max())).containsExactly(0.0, 0.0);
  }
}
