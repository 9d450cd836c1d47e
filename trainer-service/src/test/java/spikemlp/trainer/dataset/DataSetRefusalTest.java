package spikemlp.trainer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static spikemlp.trainer.dataset.Archives.PATH;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.postgres.TestDatabase;
import spikemlp.security.Scope;
import spikemlp.trainer.RunningTrainer;
import spikemlp.trainer.RunningTrainer.Answer;
import tools.jackson.databind.JsonNode;

/** What no data set is made of; each refusal names its reason and leaves nothing behind. */
class DataSetRefusalTest {

  private static final int MIB = 1 << 20;
  private static final int MAX_BYTES = 24 * MIB;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir static Path home;
  private static TestDatabase database;
  private static RunningTrainer trainer;

  @BeforeAll
  static void start() {
    database = TestDatabase.create("trainer");
    trainer =
        RunningTrainer.start(
            database,
            home,
            "workers=0",
            "datasets.concurrent-uploads=1",
            "datasets.max-size=" + MAX_BYTES + "B",
            "datasets.max-unpacked=100MB");
  }

  @AfterAll
  static void stop() {
    trainer.close();
    database.close();
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(Archives.files(home)).isEmpty());
    assertThat(trainer.get(PATH).body().get("items")).isEmpty();
  }

  @Test
  void namesThatAreNoPlainPathsAreRefused() {
    for (String name :
        List.of(
            "../evil.png",
            "pets/../../evil.png",
            "/etc/evil.png",
            "pets\\evil.png",
            "C:/evil.png",
            "C:evil.png",
            "pets//evil.png",
            "pets/./evil.png",
            "pets/..",
            "pets/evil\n.png",
            "pets/evil\u0007.png",
            "pets/evil\u0000.png",
            "pets/evil\u0085.png",
            "a/".repeat(17) + "evil.png",
            "a".repeat(1001) + ".png",
            "")) {
      String detail = refused("archive-entry-name", good().file(name, png()).bytes());
      assertThat(detail).as(name).doesNotContain("\n", "\u0007", "\u0000", "\u0085");
    }
    byte[] latin = "pets/cats/ä.png".getBytes(StandardCharsets.ISO_8859_1);
    byte[] png = png();
    assertThat(
            refused(
                "archive-entry-name",
                good().entry(latin, png, png.length, png.length, 0, 0, 0).bytes()))
        .contains("not in UTF-8");
  }

  @Test
  void namesThatAreThereTwiceOrDifferByCaseAreRefused() {
    for (String name :
        List.of(
            "pets/cats/0.png", // the very same
            "pets/cats/0.PNG",
            "pets/Cats/9.png", // another class to one system, the same to another
            "pets/cats", // a file where there is a folder
            "pets/dogs/0.png/1.png")) { // a folder where there is a file
      refused("archive-duplicate-name", good().file(name, png()).bytes());
    }
    refused(
        "archive-duplicate-name",
        good().file("pets/cats/\u00e9.png", png()).file("pets/cats/e\u0301.png", png()).bytes());
    refused("archive-duplicate-name", good().folder("pets/cats/").folder("pets/cats/").bytes());
  }

  @Test
  void linksDevicesAndEncryptedEntriesAreRefused() {
    byte[] target = "/etc/passwd".getBytes(StandardCharsets.UTF_8);
    assertThat(
            refused("archive-link", good().special("pets/cats/x.png", target, 0, 0xA1FF).bytes()))
        .contains("pets/cats/x.png", "symbolic link");
    refused("archive-link", good().special("pets/cats/x.png", target, 0, 0x2180).bytes());
    for (int flags : List.of(1, 1 | (1 << 6), 1 << 13)) {
      assertThat(
              refused(
                  "archive-encrypted", good().special("pets/cats/x.png", png(), flags, 0).bytes()))
          .contains("pets/cats/x.png");
    }
    byte[] png = png();
    byte[] name = "pets/cats/x.png".getBytes(StandardCharsets.UTF_8);
    refused("archive-encrypted", good().entry(name, png, png.length, png.length, 99, 0, 0).bytes());
    assertThat(
            refused(
                "archive-invalid",
                good().entry(name, png, png.length, png.length, 12, 0, 0).bytes()))
        .contains("method 12");
  }

  @Test
  void archivesThatUnpackTooFarAreRefusedUnread() {
    byte[] zeros = new byte[64 * MIB];
    assertThat(
            refused(
                "archive-unpacks-too-far",
                good().deflated("pets/cats/bomb.png", zeros, zeros.length).bytes()))
        .contains("pets/cats/bomb.png", Integer.toString(zeros.length));
    ZipWriter many = good();
    byte[] mib = new byte[MIB];
    for (int i = 0; i < 40; i++) {
      many.deflated("pets/cats/part-" + i + ".png", mib, mib.length);
    }
    assertThat(refused("archive-unpacks-too-far", many.bytes())).contains("it unpacks from");
    byte[] noise = new byte[600_000];
    new Random(1).nextBytes(noise);
    assertThat(
            refused(
                "archive-unpacks-too-far",
                good().deflated("pets/cats/large.png", noise, 101L * MIB).bytes()))
        .contains("it unpacks to");
    ZipWriter overlapping = new ZipWriter().file("pets/cats/noise.png", noise);
    for (int i = 0; i < 3; i++) {
      overlapping.again("pets/dogs/" + i + ".png", noise.length, noise.length, ZipWriter.STORED);
    }
    assertThat(refused("archive-unpacks-too-far", overlapping.bytes())).contains("share content");
  }

  @Test
  void aHundredThousandEntriesAreRefusedByTheirNumber() {
    byte[] archive = hundredThousand().bytes64();
    assertThat(refused("archive-too-many-entries", archive)).contains("100000", "90000");
    assertThat(refused("archive-invalid", hundredThousand().bytes(3)))
        .contains("more entries than the 3");
  }

  @Test
  void whatIsNoWholeArchiveIsRefused() {
    byte[] whole = good().bytes();
    refused("archive-invalid", new byte[0]);
    refused("archive-invalid", new byte[1000]);
    refused("archive-invalid", "PK\3\4 and no more than that".getBytes(StandardCharsets.UTF_8));
    for (int cut : List.of(1, 21, 22, 100, whole.length / 2)) {
      refused("archive-invalid", Arrays.copyOf(whole, whole.length - cut));
    }
    refused("archive-invalid", good().bytes(13)); // of 12 entries
    byte[] damaged = whole.clone();
    damaged[whole.length - 22 - 60] ^= 0x55; // within the directory
    Answer answer = trainer.upload(PATH + "?name=damaged", damaged);
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(422);
  }

  @Test
  void archivesOfNoUsefulPicturesAreRefused() {
    assertThat(refused("dataset-unusable", new ZipWriter().bytes())).contains("no files");
    assertThat(refused("dataset-unusable", new ZipWriter().file("a/b.txt", png()).bytes()))
        .contains("holds no images", "a/b.txt")
        .doesNotContain(home.toString());
    assertThat(refused("dataset-unusable", new ZipWriter().file("in.zip", good().bytes()).bytes()))
        .contains("holds no images");
    assertThat(refused("dataset-unusable", new ZipWriter().file("cats/1.png", png()).bytes()))
        .contains("data set 'bad': has only one class, 'cats'");
    refused("dataset-unusable", new ZipWriter().file("1.png", png()).bytes());
    refused("dataset-unusable", good().folder("pets/birds/").bytes());
  }

  @Test
  void moreBadPicturesThanTrainingBearsAreRefusedWithTheirList() {
    byte[] huge = Archives.hugePng(50_000);
    byte[] cut = Arrays.copyOf(png(), 200);
    ZipWriter zip = good().file("pets/cats/huge.png", huge).file("pets/dogs/cut.png", cut);
    zip.file("pets/dogs/text.jpg", "no picture".getBytes(StandardCharsets.UTF_8));
    Answer answer = trainer.upload(PATH + "?name=bad", zip.bytes());
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(422);
    assertThat(answer.body().get("code").asString()).isEqualTo("too-many-bad-images");
    JsonNode bad = answer.body().get("badImages");
    assertThat(bad.valueStream().map(image -> image.get("path").asString()))
        .containsExactly("pets/cats/huge.png", "pets/dogs/cut.png", "pets/dogs/text.jpg");
    assertThat(bad.get(0).get("reason").asString()).contains("50000×50000", "megapixels");
    assertThat(bad.get(1).get("reason").asString()).contains("cut off");
    assertThat(answer.response().body()).doesNotContain(home.toString());
  }

  @Test
  void aPictureThatUnpacksToMoreThanItSaysIsABadOneAndNoMoreIsReadOfIt() {
    byte[] zeros = new byte[64 * MIB];
    ZipWriter zip = good().deflated("pets/cats/0a.png", zeros, 1000);
    zip.file("pets/cats/0b.png", new byte[] {1});
    long before = Archives.heap();
    Answer answer = trainer.upload(PATH + "?name=bad", zip.bytes());
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(422);
    assertThat(answer.body().get("badImages").get(0).get("reason").asString())
        .contains("more than the announced 1000 bytes");
    assertThat(Archives.heap() - before).isLessThan(16 * MIB);
  }

  @Test
  void refusalsGiveTheMemoryBack() {
    byte[] archive = hundredThousand().bytes64();
    byte[] bad = good().file("pets/cats/x/../../y.png", png()).bytes();
    refused("archive-too-many-entries", archive);
    refused("archive-entry-name", bad);
    long before = Archives.heap();
    for (int i = 0; i < 10; i++) {
      refused("archive-too-many-entries", archive);
      refused("archive-entry-name", bad);
    }
    assertThat(Archives.heap() - before).isLessThan(8 * MIB);
  }

  @Test
  void anUploadThatIsTooLargeIsRefusedBeforeItIsReadOrAsSoonAsItIsSeen() throws Exception {
    try (Socket socket = request("Content-Length: 1000000000000\r\n\r\n")) {
      String answer = firstBytes(socket);
      assertThat(answer).startsWith("HTTP/1.1 413").contains("dataset-too-large", "1000000000000");
    }
    Answer chunked =
        trainer.upload(
            PATH + "?name=bad",
            BodyPublishers.ofByteArrays(Collections.nCopies(60, new byte[MIB])));
    assertThat(chunked.status()).isEqualTo(413);
    assertThat(chunked.body().get("code").asString()).isEqualTo("dataset-too-large");
  }

  @Test
  void anUploadThatIsCutOffLeavesNothingAndMakesRoomForTheNext() throws Exception {
    byte[] archive = good().bytes();
    for (String framing :
        List.of("Content-Length: 1000000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n400\r\n")) {
      try (Socket socket = request(framing)) {
        socket.getOutputStream().write(archive, 0, 1000);
        socket.getOutputStream().flush();
        Awaitility.await()
            .atMost(PATIENCE)
            .untilAsserted(() ->
                assertThat(Archives.files(home)).singleElement().asString().endsWith(".part"));
        Answer second = trainer.upload(PATH + "?name=second", archive);
        assertThat(second.status()).isEqualTo(503);
        assertThat(second.response().headers().firstValue("Retry-After")).hasValue("5");
        assertThat(second.body().get("code").asString()).isEqualTo("too-many-uploads");
      }
      nothingIsLeft();
      Answer next =
          Awaitility.await()
              .atMost(PATIENCE)
              .until(
                  () -> trainer.upload(PATH + "?name=next", archive),
                  answer -> answer.status() != 503);
      assertThat(next.status()).isEqualTo(201);
      assertThat(trainer.delete(PATH + "/" + next.body().get("id").asString()).status())
          .isEqualTo(204);
    }
  }

  @Test
  void aDiskWithoutRoomIsSaidSo() {
    try (TestDatabase other = TestDatabase.create("trainer");
        RunningTrainer full =
            RunningTrainer.start(
                other,
                home.resolve("full"),
                "workers=0",
                "datasets.minimum-free-space=1000000TB")) {
      Answer answer = full.upload(PATH + "?name=a", good().bytes());
      assertThat(answer.status()).isEqualTo(507);
      assertThat(answer.body().get("code").asString()).isEqualTo("storage-full");
      assertThat(Archives.files(home.resolve("full"))).isEmpty();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static ZipWriter good() {
    return Archives.cats(6);
  }

  private static byte[] png() {
    return Archives.picture(7);
  }

  private static ZipWriter hundredThousand() {
    ZipWriter zip = new ZipWriter();
    byte[] nothing = new byte[0];
    for (int i = 0; i < 100_000; i++) {
      zip.file("pets/cats/" + i + ".png", nothing);
    }
    return zip;
  }

  private static String refused(String code, byte[] archive) {
    Answer answer = trainer.upload(PATH + "?name=bad", archive);
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(422);
    assertThat(answer.response().headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
    assertThat(answer.body().get("code").asString()).as(answer.response().body()).isEqualTo(code);
    return answer.body().get("detail").asString();
  }

  private static Socket request(String framing) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), trainer.base().getPort());
    socket.setSoTimeout((int) PATIENCE.toMillis());
    String head =
        "POST "
            + PATH
            + "?name=cut HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/zip\r\n"
            + "Authorization: Bearer "
            + trainer.token(Scope.TRAIN)
            + "\r\n"
            + framing;
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
    return socket;
  }

  /** What comes until the problem's end. */
  private static String firstBytes(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder text = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '}'; c = in.read()) {
      text.append((char) c);
    }
    return text.toString();
  }
}
