package spikemlp.frontdoor;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SlowBodyTest {

  private static FrontDoorFixture door;

  @BeforeAll
  static void open() throws Exception {
    door =
        new FrontDoorFixture(
            "--spikemlp.frontdoor.body-grace=1s",
            "--spikemlp.frontdoor.slowest-body=1KB",
            "--server.tomcat.connection-timeout=2s");
  }

  @AfterAll
  static void close() {
    door.close();
  }

  @Test
  void aBodyThatDripsIsAnsweredAndItsConnectionEnded() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.port())) {
      OutputStream out = begin(socket, 100_000);
      InputStream in = socket.getInputStream();
      StringBuilder answer = new StringBuilder();
      while (answer.indexOf("a second") < 0) {
        drip(out, 10);
        answer.append(new String(in.readNBytes(in.available()), UTF_8));
      }
      assertThat(answer.toString())
          .startsWith("HTTP/1.1 408")
          .contains("\"code\":\"body-too-slow\"")
          .contains("1024 bytes a second");
      assertThat(ended(out)).isTrue();
    }
  }

  @Test
  void aBodyThatPausesIsAnswered() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.port())) {
      drip(begin(socket, 100_000), 1);
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 408").contains("body-too-slow");
    }
  }

  @Test
  void aLongBodyAtTheAskedPacePasses() throws Exception {
    door.inference.answer(exchange -> FakeService.echo("inference", exchange));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.port())) {
      OutputStream out = begin(socket, 20_000);
      for (int i = 0; i < 20; i++) {
        drip(out, 1_000);
      }
      String answer = new String(socket.getInputStream().readNBytes(12), US_ASCII);
      assertThat(answer).isEqualTo("HTTP/1.1 200");
    }
  }

  private static OutputStream begin(Socket socket, int length) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(
        ("POST /api/v1/classify/digits HTTP/1.1\r\nHost: x\r\nContent-Length: "
                + length
                + "\r\n\r\n")
            .getBytes(US_ASCII));
    return out;
  }

  private static void drip(OutputStream out, int bytes) throws Exception {
    out.write(new byte[bytes]);
    out.flush();
    TimeUnit.MILLISECONDS.sleep(100);
  }

  /** Whether the other side takes no more, though there is no pause for it to be tired of. */
  private static boolean ended(OutputStream out) throws Exception {
    for (int i = 0; i < 50; i++) {
      try {
        drip(out, 1);
      } catch (IOException gone) {
        return true;
      }
    }
    return false;
  }
}
