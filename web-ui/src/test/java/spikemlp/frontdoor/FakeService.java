package spikemlp.frontdoor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A service's stand-in: a real HTTP server that answers with what the test gives it. */
final class FakeService implements AutoCloseable {

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile HttpHandler handler;

  FakeService(String name) throws IOException {
    handler = exchange -> echo(name, exchange);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", exchange -> handler.handle(exchange));
    server.start();
  }

  URI origin() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  void answer(HttpHandler next) {
    handler = next;
  }

  /** Answers with the service's name, the request line and the headers it saw. */
  static void echo(String name, HttpExchange exchange) throws IOException {
    StringBuilder seen = new StringBuilder();
    seen.append(name).append(' ').append(exchange.getRequestMethod()).append(' ');
    seen.append(exchange.getRequestURI()).append('\n');
    exchange
        .getRequestHeaders()
        .forEach((key, values) -> seen.append(key).append(": ").append(values).append('\n'));
    send(exchange, 200, seen.toString());
  }

  static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getRequestBody().readAllBytes();
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
