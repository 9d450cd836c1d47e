package spikemlp.inference.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static spikemlp.inference.fixture.RunningInference.assertProblem;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.contract.classify.Classification;
import spikemlp.contract.classify.Classifications;
import spikemlp.inference.fixture.Pictures;
import spikemlp.inference.fixture.RegistryFixture;
import spikemlp.inference.fixture.RunningInference;
import spikemlp.inference.fixture.TinyModel;
import tools.jackson.databind.json.JsonMapper;

/** Several pictures in one request. */
@Timeout(120)
class MultipartPicturesTest {

  @TempDir static Path directory;
  private static RegistryFixture registry;
  private static RunningInference service;

  @BeforeAll
  static void start() throws IOException {
    registry = new RegistryFixture();
    registry.point(
        "tiny",
        registry.add(
            "tiny",
            3,
            TinyModel.card(TinyModel.NETWORK),
            TinyModel.of(TinyModel.NETWORK, 11).bytes()));
    service = new RunningInference(directory, registry.url());
  }

  @AfterAll
  static void stop() {
    service.close();
    registry.close();
  }

  @Test
  void severalPicturesAreAnsweredInTheirOrderByOneVersion() throws Exception {
    List<byte[]> pictures = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      pictures.add(Pictures.encoded(i % 2 == 0 ? "png" : "jpg", 8, 8, i));
    }
    HttpResponse<String> response = multipart("tiny?topK=2", pictures);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    Classifications all = JsonMapper.shared().readValue(response.body(), Classifications.class);
    assertThat(all.pictures()).hasSize(64);
    assertThat(all.version()).isEqualTo(3);
    for (int i = 0; i < 64; i += 7) {
      Classification alone =
          RunningInference.classification(
              service.classify("tiny?topK=2", "application/octet-stream", pictures.get(i)));
      assertThat(all.pictures().get(i).name()).isEqualTo("p" + i + ".img");
      assertThat(all.pictures().get(i).predictions()).isEqualTo(alone.predictions());
      assertThat(all.pictures().get(i).energy()).isEqualTo(alone.energy());
    }
  }

  @Test
  void tooManyOrOneThatCannotBeReadOrNoPartsAreRefused() throws Exception {
    byte[] picture = Pictures.encoded("png", 8, 8, 1);
    assertProblem(
        multipart("tiny", Collections.nCopies(65, picture)),
        413,
        "too-many-pictures",
        "at most 64 are classified");
    assertProblem(
        multipart("tiny", List.of(picture, new byte[] {1, 2, 3})),
        400,
        "unreadable-image",
        "picture 2 of 2: ");
    assertProblem(
        service.classify("tiny", "multipart/form-data; boundary=b", new byte[] {1}),
        400,
        "malformed-multipart",
        "its boundary is nowhere in it");
    assertProblem(
        service.classify("tiny", "multipart/form-data", new byte[] {1}),
        400,
        "malformed-multipart",
        "no boundary");
  }

  private static HttpResponse<String> multipart(String target, List<byte[]> pictures)
      throws Exception {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int i = 0; i < pictures.size(); i++) {
      body.writeBytes(
          ("--edge\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"p"
                  + i
                  + ".img\"\r\nContent-Type: application/octet-stream\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      body.writeBytes(pictures.get(i));
      body.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    body.writeBytes("--edge--\r\n".getBytes(StandardCharsets.US_ASCII));
    return service.classify(target, "multipart/form-data; boundary=\"edge\"", body.toByteArray());
  }
}
