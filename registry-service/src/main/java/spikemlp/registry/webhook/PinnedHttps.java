package spikemlp.registry.webhook;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Posts over TLS to an address that was looked up and checked before, whatever the name means by
 * now; the certificate must be the name's. Follows no redirect, reads no body.
 */
@Component
class PinnedHttps {

  private static final int HTTPS_PORT = 443;
  private static final int MAX_HEAD_BYTES = 16 << 10;

  /**
   * @param status the response's status
   * @param retryAfter its {@code Retry-After}
   */
  record Answer(int status, Optional<String> retryAfter) {}

  private final SSLContext tls;
  private final Duration connectTimeout;
  private final Duration responseTimeout;

  PinnedHttps(WebhookProperties properties) {
    this.tls = context(properties.trustedCertificates());
    this.connectTimeout = properties.connectTimeout();
    this.responseTimeout = properties.responseTimeout();
  }

  private static SSLContext context(@Nullable Path certificates) {
    try {
      if (certificates == null) {
        return SSLContext.getDefault();
      }
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      try (InputStream pem = Files.newInputStream(certificates)) {
        int number = 0;
        for (Certificate certificate :
            CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
          trusted.setCertificateEntry("trusted-" + number++, certificate);
        }
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException(
          "spikemlp.registry.webhooks.trusted-certificates must be a PEM file of certificates: "
              + certificates,
          e);
    }
  }

  /**
   * Sends one request and reads the head of its response.
   *
   * @param address where to connect to
   * @throws IOException if there is no response in time, or none of HTTP
   */
  Answer post(URI url, InetAddress address, Map<String, String> headers, byte[] body)
      throws IOException {
    int port = url.getPort() < 0 ? HTTPS_PORT : url.getPort();
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress(address, port), millis(connectTimeout));
      plain.setSoTimeout(millis(connectTimeout));
      try (SSLSocket socket =
          (SSLSocket) tls.getSocketFactory().createSocket(plain, url.getHost(), port, true)) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        OutputStream out = socket.getOutputStream();
        out.write(head(url, headers, body.length));
        out.write(body);
        out.flush();
        return answer(socket);
      }
    }
  }

  private static byte[] head(URI url, Map<String, String> headers, int length) {
    String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    StringBuilder head = new StringBuilder("POST " + path + query + " HTTP/1.1\r\n");
    String port = url.getPort() < 0 ? "" : ":" + url.getPort();
    new TreeMap<>(headers)
        .forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append("Host: ").append(url.getHost()).append(port).append("\r\nContent-Length: ");
    head.append(length).append("\r\nConnection: close\r\n\r\n");
    return head.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private Answer answer(SSLSocket socket) throws IOException {
    long deadline = System.nanoTime() + responseTimeout.toNanos();
    String[] lines = responseHead(socket, deadline).split("\r\n");
    if (!lines[0].matches("HTTP/1\\.[01] [1-5][0-9]{2}( .*)?")) {
      throw new IOException("the answer is not HTTP/1.1");
    }
    Optional<String> retryAfter = Optional.empty();
    for (String line : lines) {
      if (line.toLowerCase(Locale.ROOT).startsWith("retry-after:")) {
        retryAfter = Optional.of(line.substring("retry-after:".length()).strip());
      }
    }
    return new Answer(Integer.parseInt(lines[0].substring(9, 12)), retryAfter);
  }

  private static String responseHead(SSLSocket socket, long deadline) throws IOException {
    InputStream in = socket.getInputStream();
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int ends = 0;
    while (ends < 4) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new SocketTimeoutException("no answer in time");
      }
      socket.setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
      int next = in.read();
      if (next < 0 || head.size() >= MAX_HEAD_BYTES) {
        throw new IOException("the answer ended early or has too long a head");
      }
      head.write(next);
      boolean continues = next == (ends % 2 == 0 ? '\r' : '\n');
      ends = continues ? ends + 1 : next == '\r' ? 1 : 0;
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  private static int millis(Duration duration) {
    return (int) Math.clamp(duration.toMillis(), 1, Integer.MAX_VALUE);
  }
}
