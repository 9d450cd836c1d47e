package spikemlp.inference.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that refuses everything. */
@Timeout(60)
class RefusalsTest {

  private final Refusals refusals = new Refusals();
  private final AtomicInteger added = new AtomicInteger();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Server server =
      new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

  @BeforeEach
  void start() throws Exception {
    server.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback) {
            refusals.add(request, response, callback);
            added.incrementAndGet();
            return true;
          }
        });
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    server.stop();
  }

  private CompletableFuture<HttpResponse<String>> ask() {
    URI uri = server.getURI().resolve("/api/v1/classify/tiny");
    return client.sendAsync(
        HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static void assertRefused(CompletableFuture<HttpResponse<String>> answer)
      throws Exception {
    HttpResponse<String> response = answer.get(20, TimeUnit.SECONDS);
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).contains("2");
    assertThat(response.body()).contains("\"code\":\"overloaded\"", "/api/v1/classify/tiny");
  }

  @Test
  void eachIsTold() throws Exception {
    for (int round = 0; round < 3; round++) {
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        answers.add(ask());
      }
      for (CompletableFuture<HttpResponse<String>> answer : answers) {
        assertRefused(answer);
      }
    }
  }

  @Test
  void thoseThatWaitWhenItIsClosedAndThoseAfterAreTold() throws Exception {
    CompletableFuture<HttpResponse<String>> waiting = ask();
    await().until(() -> added.get() == 1);
    refusals.close();
    assertRefused(waiting);
    assertRefused(ask());
  }
}
