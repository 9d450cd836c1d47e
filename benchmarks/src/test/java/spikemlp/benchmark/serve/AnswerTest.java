package spikemlp.benchmark.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class AnswerTest {

  private static Optional<Answer> of(String text) {
    return Answer.of(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
  }

  private static void assertWholeOnlyAtItsEnd(String text, Answer answer) {
    for (int length = 0; length < text.length(); length++) {
      assertThat(of(text.substring(0, length))).as(text.substring(0, length)).isEmpty();
    }
    assertThat(of(text)).contains(answer);
  }

  @Test
  void aBodyHasTheLengthThatIsSaid() {
    assertWholeOnlyAtItsEnd(
        "HTTP/1.1 200 OK\r\nA: b\r\ncontent-length: 3\r\n\r\nx\r\n",
        new Answer(200, true, OptionalLong.empty()));
    assertWholeOnlyAtItsEnd(
        "HTTP/1.1 204 No Content\r\n\r\n", new Answer(204, true, OptionalLong.empty()));
  }

  @Test
  void chunksEndWithAnEmptyOne() {
    assertWholeOnlyAtItsEnd(
        "HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n\r\n\r\nA\r\n0123456789\r\n0\r\n\r\n",
        new Answer(503, true, OptionalLong.empty()));
  }

  @Test
  void aServerMayCloseTheConnection() {
    assertWholeOnlyAtItsEnd(
        "HTTP/1.1 400 Bad\r\nConnection:Close\r\nContent-Length: 0\r\n\r\n",
        new Answer(400, false, OptionalLong.empty()));
  }

  @Test
  void theRunIsReadWhereTheAnswerTellsIt() {
    assertWholeOnlyAtItsEnd(
        "HTTP/1.1 200 OK\r\nContent-Length: 33\r\n\r\n{\"wait_ms\":7.5,\"compute_ms\":2.25}",
        new Answer(200, true, OptionalLong.of(2_250_000)));
  }
}
