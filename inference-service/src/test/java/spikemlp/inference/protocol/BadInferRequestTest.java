package spikemlp.inference.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import spikemlp.contract.card.ModelCard;
import spikemlp.inference.engine.LoadedModels;
import spikemlp.inference.fixture.Pictures;
import spikemlp.inference.fixture.RegistryFixture;
import spikemlp.inference.fixture.RunningInference;
import spikemlp.inference.fixture.TinyModel;
import spikemlp.inference.fixture.Wire;
import spikemlp.security.Scope;
import tools.jackson.databind.json.JsonMapper;

/** Every wrong request is refused with what was expected, and the next one is answered. */
@Timeout(180)
class BadInferRequestTest {

  private static final ModelCard CARD = TinyModel.card(TinyModel.NETWORK);
  private static final String INFER = "/v2/models/tiny/infer";

  @TempDir static Path directory;
  private static RegistryFixture registry;
  private static RunningInference service;
  private static TritonHttpClient client;

  @BeforeAll
  static void start() throws IOException {
    registry = new RegistryFixture();
    registry.point(
        "tiny", registry.add("tiny", 3, CARD, TinyModel.of(TinyModel.NETWORK, 11).bytes()));
    service =
        new RunningInference(
            directory,
            registry.url(),
            "--spikemlp.inference.requests.largest=1MB",
            "--spikemlp.inference.requests.arrive-within=1500ms");
    client =
        new TritonHttpClient(
            service.base(),
            service
                .tokens()
                .mint("client", Set.of(Scope.INFER, Scope.READ), Duration.ofMinutes(10)));
  }

  @AfterAll
  static void stop() {
    client.close();
    service.close();
    registry.close();
  }

  @AfterEach
  void theServiceIsAliveAndHoldsNothing() throws Exception {
    HttpResponse<byte[]> good = post(json(input("FP32", "[1,3,8,8]", numbers(192))));
    assertThat(good.statusCode()).isEqualTo(200);
    assertThat(service.bean(LoadedModels.class).inHand()).isZero();
    assertThat(service.get("/actuator/prometheus").body())
        .contains("spikemlp_inference_request_memory_bytes 0.0");
  }

  private static String numbers(int count) {
    return Arrays.toString(new int[count]);
  }

  private static String input(String datatype, String shape, String data) {
    return "{'inputs':[{'name':'images','datatype':'%s','shape':%s,'data':%s}]}"
        .formatted(datatype, shape, data);
  }

  private static byte[] json(String text) {
    return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  private static HttpResponse<byte[]> post(byte[] body) throws Exception {
    return client.post(INFER, body, Map.of());
  }

  private static void assertRefused(HttpResponse<byte[]> response, int status, String message) {
    String body = new String(response.body(), StandardCharsets.UTF_8);
    assertThat(response.statusCode()).as(body).isEqualTo(status);
    assertThat(JsonMapper.shared().readTree(body).propertyNames()).containsExactly("error");
    assertThat(JsonMapper.shared().readTree(body).get("error").asString())
        .contains(message)
        .doesNotContain("StreamRead", "JsonRead", "VALUE_", "START_");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[3,8,8]|expected is [B, 3, 8, 8] with B from 1 to 256",
        "[-1,3,8,8]|has shape [-1, 3, 8, 8]",
        "[0,3,8,8]|expected is [B, 3, 8, 8]",
        "[257,3,8,8]|with B from 1 to 256",
        "[1,8,8,3]|has shape [1, 8, 8, 3]",
        "[4611686018427387904,3,8,8]|expected is [B, 3, 8, 8]",
        "[99999999999999999999999,3,8,8]|out of range",
        "[1.5,3,8,8]|has whole numbers",
        "[2,3,8,8]|has 384 values; 192 were given",
        "7|is an array"
      })
  void shapes(String shape, String message) throws Exception {
    assertRefused(post(json(input("FP32", shape, numbers(192)))), 400, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "NaN|cannot be read",
        "Infinity|cannot be read",
        "1e400|value 1 of input 'images' is 1e400, which is no finite number",
        "-1e39|which is no finite number",
        "true|holds numbers, or strings for BYTES, not true",
        "null|not null",
        "'x'|holds both numbers and strings",
        "{}|not an object"
      })
  void values(String value, String message) throws Exception {
    assertRefused(post(json(input("FP32", "[1,3,8,8]", "[0," + value + "]"))), 400, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "|the body is empty",
        "[]|a JSON object with 'inputs', not an array",
        "{|cannot be read",
        "{} {}|something follows",
        "{}|the model has one input, 'images'; the request has []",
        "{'inputs':{}}|'inputs' is an array",
        "{'inputs':[7]}|input 0 is an object",
        "{'inputs':[{}]}|input 0 has no 'name'",
        "{'inputs':[{'name':'x'}]}|input 0 has no 'datatype'",
        "{'id':7,'inputs':[]}|'id' is a string",
        "{'parameters':{'a':[]}}|parameter 'a' of the request is a string, a number or a boolean",
        "{'inputs':[{'name':'x','datatype':'FP32','shape':[1]}]}|the request has [x]",
        "{'inputs':[{'name':'images','datatype':'FP32','shape':[1]}]}|has neither 'data' nor",
        "{'inputs':[{'name':'images','datatype':'INT64','shape':[1],'data':[1]}]}|FP32, UINT8 and BYTES are",
        "{'inputs':[{'name':'images','datatype':'UINT8','shape':[1,1,1,3],'data':[1,2,256]}]}|from 0 to 255",
        "{'inputs':[{'name':'images','datatype':'UINT8','shape':[1,1,1,3],'data':[1,2,0.5]}]}|whole numbers",
        "{'inputs':[{'name':'images','datatype':'UINT8','shape':[1,20000,20000,3],'data':[1]}]}|at most 50000000 pixels",
        "{'inputs':[{'name':'images','datatype':'UINT8','shape':[1,0,1,3],'data':[1]}]}|sides from 1",
        "{'inputs':[{'name':'images','datatype':'BYTES','shape':[1],'data':['%']}]}|is no base64",
        "{'inputs':[{'name':'images','datatype':'BYTES','shape':[1],'data':['AAAA']}]}|neither a JPEG",
        "{'inputs':[{'name':'images','datatype':'BYTES','shape':[2],'data':['AAAA']}]}|has 2 elements; 1 were given",
        "{'inputs':[{'name':'images','datatype':'FP32','shape':[1,3,8,8],'data':['AAAA']}]}|wrong 'data'",
        "{'parameters':{'energy_model':'solar'},'inputs':[]}|there are horowitz-45nm-compute",
        "{'parameters':{'timeout':0},'inputs':[]}|1 microsecond or more",
        "{'outputs':[{'name':'logits'},{'name':'logits'}],'inputs':[]}|asked for twice",
        "{'outputs':[{'name':'logits','parameters':{'classification':3}}],'inputs':[]}|does not have",
        "{'outputs':[{'name':'logits','parameters':{'binary_data':1}}],'inputs':[]}|true or false"
      })
  void structure(String body, String message) throws Exception {
    assertRefused(post(json(body == null ? "" : body)), 400, message);
  }

  @Test
  void deepJsonAMillionOutputsAndTooManyValues() throws Exception {
    assertRefused(
        post(json("{'x':" + "[".repeat(100_000) + "]".repeat(100_000) + "}")),
        400,
        "cannot be read");
    assertRefused(post(json(input("FP32", "[1,3,8,8]", "[".repeat(1000)))), 400, "cannot be read");
    assertRefused(
        post(json("{'outputs':[" + "{'name':'logits'},".repeat(50_000) + "]}")),
        400,
        "'outputs' has more than 64 entries; there are logits, probabilities");
    assertRefused(
        post(json(input("FP32", "[1,3,8,8]", numbers(100_000)))),
        400,
        "has 192 values; 100000 were given");
    assertRefused(
        post(json(input("FP32", "[1,3,8,8]", numbers(400_000)))), 413, "at most 1048576 bytes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x|is the number of bytes that the JSON has, not 'x'",
        "-1|which is no number of bytes of this body",
        "0|which is no number of bytes",
        "100000|which is no number of bytes of this body of ",
        "20|cannot be read",
        "right|the body has more bytes than its JSON"
      })
  void headerLengths(String length, String message) throws Exception {
    String head =
        "{'inputs':[{'name':'images','datatype':'FP32','shape':[1,3,8,8],"
            + "'parameters':{'binary_data_size':768}}]}";
    byte[] body = Arrays.copyOf(json(head), head.length() + 768 + 1);
    String sent =
        switch (length) {
          case "right" -> Integer.toString(head.length());
          default -> length;
        };
    assertRefused(
        client.post(INFER, body, Map.of("Inference-Header-Content-Length", sent)), 400, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FP32|[1,3,8,8]|764|764|768 bytes; 764 were given",
        "FP32|[1,3,8,8]|768|700|announces 768 bytes of binary data; the body has 700 left",
        "FP32|[1,3,8,8]|-4|0|is a number of bytes, not -4",
        "FP32|[1,3,8,8]|9223372036854775807|10|announces 9223372036854775807 bytes",
        "UINT8|[1,2,2,3]|11|11|12 bytes; 11 were given",
        "BYTES|[1]|3|3|element 0 of input 'images' is cut off"
      })
  void binaryData(String datatype, String shape, String size, int sent, String message)
      throws Exception {
    String head =
        "{'inputs':[{'name':'images','datatype':'%s','shape':%s,".formatted(datatype, shape)
            + "'parameters':{'binary_data_size':"
            + size
            + "}}]}";
    byte[] body = Arrays.copyOf(json(head), head.length() + sent);
    assertRefused(
        client.post(
            INFER,
            body,
            Map.of("Inference-Header-Content-Length", Integer.toString(head.length()))),
        400,
        message);
    assertRefused(post(json(head)), 400, "binary_data_size'");
  }

  @Test
  void aBinaryNaNIsNamed() throws Exception {
    float[] values = new float[192];
    values[7] = Float.NaN;
    try {
      client.infer(
          "tiny",
          "",
          "",
          List.of(TritonHttpClient.Input.fp32("images", List.of(1L, 3L, 8L, 8L), values, true)));
      throw new AssertionError("a NaN was computed with");
    } catch (TritonHttpClient.ServerException e) {
      assertThat(e).hasMessageContaining("value 7 of input 'images' is NaN");
      assertThat(e.status()).isEqualTo(400);
    }
  }

  @Test
  void compressedBodiesAreReadAndBombsAreNot() throws Exception {
    byte[] good = json(input("FP32", "[1,3,8,8]", numbers(192)));
    Map<String, String> gzip = Map.of("Content-Encoding", "gzip");
    assertThat(client.post(INFER, compressed(good), gzip).statusCode()).isEqualTo(200);
    byte[] bomb = compressed(json("{'x':'" + " ".repeat(20 << 20) + "'}"));
    assertThat(bomb.length).isLessThan(100_000);
    assertRefused(client.post(INFER, bomb, gzip), 413, "at most 1048576 bytes are read");
    assertRefused(client.post(INFER, good, gzip), 400, "compressed body is corrupt");
    assertRefused(
        client.post(INFER, Arrays.copyOf(compressed(good), 40), gzip), 400, "corrupt or cut off");
    assertRefused(
        client.post(INFER, good, Map.of("Content-Encoding", "br")), 415, "gzip and deflate");
  }

  private static byte[] compressed(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  @Test
  void aBodyOfTinyChunksIsReadAndASlowOneIsRefusedInTime() throws Exception {
    byte[] good = json(input("FP32", "[1,3,8,8]", numbers(192)));
    HttpRequest.Builder tiny =
        service
            .request(INFER)
            .POST(
                HttpRequest.BodyPublishers.ofInputStream(() ->
                    new ByteArrayInputStream(good) {
                      @Override
                      public int read(byte[] target, int offset, int length) {
                        return super.read(target, offset, Math.min(1, length));
                      }
                    }));
    assertThat(service.send(tiny).statusCode()).isEqualTo(200);
    byte[] head = Wire.post(INFER, service.authorization(), new byte[1000]);
    try (Wire wire = service.wire()) {
      wire.send(Arrays.copyOf(head, head.length - 1000));
      long began = System.nanoTime();
      while (!wire.answers() && System.nanoTime() - began < 20_000_000_000L) {
        wire.send(new byte[] {' '});
        Thread.sleep(100);
      }
      assertThat(wire.read(12)).isEqualTo("HTTP/1.1 408");
    }
  }

  @Test
  void picturesThatAreTooLargeOrOddAreRefusedOrReadRight() throws Exception {
    byte[] huge = Pictures.encoded("png", 1, 1, 1);
    ByteBuffer.wrap(huge).putInt(16, 20_000).putInt(20, 20_000);
    CRC32 crc = new CRC32();
    crc.update(huge, 12, 17);
    ByteBuffer.wrap(huge).putInt(29, (int) crc.getValue());
    HttpResponse<String> refused = service.classify("tiny", "image/png", huge);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(RunningInference.detail(refused)).contains("20000×20000", "at most 50.0 are read");
    assertThat(service.classify("tiny", "image/png", Pictures.encoded("png", 1, 1, 1)).statusCode())
        .isEqualTo(200);
  }
}
