package spikemlp.registry.webhook;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A receiver of webhooks on this machine, with a certificate of its own for localhost. */
final class Receiver implements AutoCloseable {

  /** What arrived. */
  record Received(String path, String signature, String event, byte[] body) {}

  /** What to answer. */
  record Answer(int status, Map<String, String> headers) {}

  private static final char[] PASSWORD = "changeit".toCharArray();

  final BlockingQueue<Received> received = new LinkedBlockingQueue<>();

  /** The next answers; 204 when there are none. */
  final Queue<Answer> answers = new ConcurrentLinkedQueue<>();

  final Path certificate;
  private final HttpsServer server;

  Receiver(Path folder) throws Exception {
    Path store = folder.resolve("receiver.p12");
    certificate = folder.resolve("receiver.pem");
    keytool(
        "-genkeypair",
        "-alias",
        "receiver",
        "-keyalg",
        "EC",
        "-dname",
        "CN=localhost",
        "-ext",
        "san=dns:localhost",
        "-validity",
        "2",
        "-keystore",
        store.toString(),
        "-storetype",
        "PKCS12",
        "-storepass",
        "changeit");
    keytool(
        "-exportcert",
        "-rfc",
        "-alias",
        "receiver",
        "-keystore",
        store.toString(),
        "-storepass",
        "changeit",
        "-file",
        certificate.toString());
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context(store)));
    server.createContext("/", this::handle);
    server.start();
  }

  private static void keytool(String... arguments) throws Exception {
    String[] command = new String[arguments.length + 1];
    command[0] = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (process.waitFor() != 0) {
      throw new IllegalStateException("keytool failed");
    }
  }

  private static SSLContext context(Path store) throws GeneralSecurityException, IOException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      Answer answer = answers.poll(); // before anybody hears of the request and adds further ones
      received.add(
          new Received(
              exchange.getRequestURI().toString(),
              exchange.getRequestHeaders().getFirst("SpikeMLP-Signature"),
              exchange.getRequestHeaders().getFirst("SpikeMLP-Event"),
              body));
      if (answer != null) {
        answer.headers().forEach(exchange.getResponseHeaders()::set);
      }
      exchange.sendResponseHeaders(answer == null ? 204 : answer.status(), -1);
    }
  }

  String url(String host, String path) {
    return "https://" + host + ":" + server.getAddress().getPort() + path;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
