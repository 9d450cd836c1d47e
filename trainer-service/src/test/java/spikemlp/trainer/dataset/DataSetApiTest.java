package spikemlp.trainer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static spikemlp.trainer.dataset.Archives.PATH;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.contract.image.Picture;
import spikemlp.postgres.TestDatabase;
import spikemlp.trainer.RunningTrainer;
import spikemlp.trainer.RunningTrainer.Answer;
import tools.jackson.databind.JsonNode;

/** Data sets uploaded, looked at and deleted. */
class DataSetApiTest {

  @TempDir static Path home;
  private static TestDatabase database;
  private static RunningTrainer trainer;

  @BeforeAll
  static void start() {
    database = TestDatabase.create("trainer");
    trainer = RunningTrainer.start(database, home, "workers=0", "datasets.concurrent-uploads=1");
  }

  @AfterAll
  static void stop() {
    trainer.close();
    database.close();
  }

  @Test
  void anArchiveBecomesADataSetWithItsHashCountsAndBadFiles() throws Exception {
    byte[] archive =
        Archives.cats(10)
            .file("pets/cats/broken.png", new byte[] {1, 2, 3})
            .file("pets/cats/inner.zip", Archives.cats(1).bytes())
            .file("__MACOSX/pets/cats/._0.png", new byte[] {1})
            .bytes();
    Answer answer = trainer.upload(PATH + "?name=pets", archive);

    assertThat(answer.status()).as(answer.response().body()).isEqualTo(201);
    JsonNode set = answer.body();
    String id = set.get("id").asString();
    assertThat(answer.response().headers().firstValue("Location")).contains(PATH + "/" + id);
    assertThat(set.get("name").asString()).isEqualTo("pets");
    assertThat(set.get("sha256").asString()).isEqualTo(sha256(archive));
    assertThat(set.get("bytes").asLong()).isEqualTo(archive.length);
    assertThat(set.get("height").asInt()).isEqualTo(32);
    assertThat(set.get("width").asInt()).isEqualTo(32);
    assertThat(set.get("createdBy").asString()).isEqualTo("tester");
    assertThat(set.get("unfinishedJobs").asInt()).isZero();
    assertThat(set.get("classes"))
        .hasToString(
            "[{\"label\":\"cats\",\"train\":9,\"test\":1},{\"label\":\"dogs\",\"train\":9,\"test\":1}]");
    assertThat(set.get("badImageCount").asInt()).isEqualTo(2);
    assertThat(set.get("badImages").valueStream().map(bad -> bad.get("path").asString()))
        .containsExactly("pets/cats/broken.png", "pets/cats/inner.zip");
    assertThat(set.get("badImages").get(0).get("reason").asString())
        .contains("neither a JPEG", "nor a PNG");
    assertThat(trainer.get(PATH + "/" + id).body()).isEqualTo(set);
    assertThat(Files.readAllBytes(file(id))).isEqualTo(archive);
  }

  @Test
  void foldersForTrainingAndTestingAreKeptApart() {
    ZipWriter zip = new ZipWriter();
    for (int i = 0; i < 4; i++) {
      zip.file("train/a/" + i + ".png", Archives.picture(i));
      zip.file("train/b/" + i + ".png", Archives.picture(10 + i));
    }
    zip.file("test/a/9.png", Archives.picture(20)).file("test/b/9.png", Archives.picture(21));
    zip.file("val/a/9.png", Archives.picture(22));
    Answer answer = trainer.upload(PATH + "?name=parts", zip.bytes());

    assertThat(answer.body().get("classes"))
        .as(answer.response().body())
        .hasToString(
            "[{\"label\":\"a\",\"train\":4,\"test\":1},{\"label\":\"b\",\"train\":4,\"test\":1}]");
    Answer preview = trainer.get(preview(answer, "?limit=100"));
    assertThat(preview.body().get("items").valueStream().map(item -> item.get("path").asString()))
        .hasSize(10)
        .noneMatch(path -> path.startsWith("val/"));
  }

  @Test
  void anArchiveOfIdxFilesIsADataSetWithoutPreview() {
    ByteBuffer images = ByteBuffer.allocate(16 + 20 * 4 * 6);
    images.putInt(0x803).putInt(20).putInt(4).putInt(6);
    ByteBuffer labels = ByteBuffer.allocate(8 + 20).putInt(0x801).putInt(20);
    for (int i = 0; i < 20; i++) {
      labels.put((byte) (i % 2));
    }
    Answer set =
        trainer.upload(
            PATH + "?name=idx",
            new ZipWriter()
                .file("train-images-idx3-ubyte", images.array())
                .file("train-labels-idx1-ubyte", labels.array())
                .bytes());
    assertThat(set.body().get("classes"))
        .as(set.response().body())
        .hasToString(
            "[{\"label\":\"0\",\"train\":9,\"test\":1},{\"label\":\"1\",\"train\":9,\"test\":1}]");
    assertThat(set.body().get("height").asInt()).isEqualTo(4);
    assertThat(set.body().get("width").asInt()).isEqualTo(6);
    assertThat(set.body().get("badImageCount").asInt()).isZero();
    assertThat(trainer.get(preview(set, "")).body().get("items")).isEmpty();
  }

  @Test
  void theSameContentAgainIsTheSameDataSetAndOtherContentIsRefused() throws Exception {
    byte[] archive = Archives.cats(3).bytes();
    Answer first = trainer.upload(PATH + "?name=twice", archive);
    int files = Archives.files(home).size();
    Answer again =
        trainer.upload(
            PATH + "?name=twice",
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(archive)));
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.body()).isEqualTo(first.body());
    Answer other = trainer.upload(PATH + "?name=twice", Archives.cats(4).bytes());
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.body().get("code").asString()).isEqualTo("dataset-name-taken");
    assertThat(Archives.files(home)).hasSize(files);
    assertThat(trainer.upload(PATH + "?name=otherwise", archive).status()).isEqualTo(201);
  }

  @Test
  void aListHasPagesNewestFirst() {
    for (int i = 0; i < 3; i++) {
      trainer.upload(PATH + "?name=listed-" + i, Archives.cats(2).bytes());
    }
    JsonNode all = trainer.get(PATH + "?limit=200").body();
    assertThat(all.get("next").isNull()).isTrue();
    List<String> expected = ids(all);
    List<Instant> times =
        all.get("items")
            .valueStream()
            .map(item -> Instant.parse(item.get("createdAt").asString()))
            .toList();
    assertThat(times).isSortedAccordingTo((a, b) -> b.compareTo(a));
    List<String> paged = new ArrayList<>();
    String next = "";
    while (true) {
      JsonNode page = trainer.get(PATH + "?limit=1" + next).body();
      paged.addAll(ids(page));
      if (page.get("next").isNull()) {
        break;
      }
      next = "&after=" + page.get("next").asString();
    }
    assertThat(paged).hasSizeGreaterThanOrEqualTo(3).isEqualTo(expected);
    for (String wrong : List.of("?limit=0", "?limit=201", "?limit=x", "?after=x", "?after=AAAA")) {
      Answer answer = trainer.get(PATH + wrong);
      assertThat(answer.status()).as(wrong).isEqualTo(400);
      assertThat(answer.body().get("code").asString()).isEqualTo("invalid-request");
    }
  }

  @Test
  void aPreviewShowsSmallPicturesOfAClass() {
    byte[] wide = new Picture(100, 200, new byte[3 * 100 * 200]).toPng();
    Answer set =
        trainer.upload(
            PATH + "?name=previewed",
            Archives.cats(5)
                .file("pets/wide/1.png", wide)
                .file("pets/wide/2.png", wide)
                .file("pets/wide/3.png", new byte[] {1})
                .bytes());
    JsonNode items = trainer.get(preview(set, "?class=wide")).body().get("items");
    assertThat(items).hasSize(2);
    items.forEach(item -> {
      assertThat(item.get("label").asString()).isEqualTo("wide");
      Picture small = thumbnail(item);
      assertThat(small.width()).isEqualTo(64);
      assertThat(small.height()).isEqualTo(32);
    });
    JsonNode some = trainer.get(preview(set, "?limit=4")).body().get("items");
    assertThat(some.valueStream().map(item -> item.get("label").asString()))
        .containsExactly("cats", "dogs", "wide", "cats");
    assertThat(thumbnail(some.get(0)).rgb()).isEqualTo(Picture.decode(Archives.picture(0)).rgb());
    assertThat(trainer.get(preview(set, "?class=birds")).body().get("code").asString())
        .isEqualTo("class-not-found");
    assertThat(trainer.get(preview(set, "?limit=101")).status()).isEqualTo(400);
  }

  @Test
  void aDeletedDataSetIsGoneFromTheDiskToo() {
    String id = id(trainer.upload(PATH + "?name=deleted", Archives.cats(2).bytes()));
    assertThat(file(id)).exists();
    assertThat(trainer.delete(PATH + "/" + id).status()).isEqualTo(204);
    assertThat(file(id)).doesNotExist();
    for (Answer answer :
        List.of(
            trainer.get(PATH + "/" + id),
            trainer.get(PATH + "/" + id + "/preview"),
            trainer.delete(PATH + "/" + id),
            trainer.get(PATH + "/none"))) {
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.body().get("code").asString()).isEqualTo("dataset-not-found");
    }
    assertThat(trainer.upload(PATH + "?name=deleted", Archives.cats(3).bytes()).status())
        .isEqualTo(201);
  }

  @Test
  void aRequestThatIsNoUploadIsRefused() throws Exception {
    List<Path> before = Archives.files(home);
    assertThat(trainer.upload(PATH, Archives.cats(2).bytes()).status()).isEqualTo(400);
    Answer named = trainer.upload(PATH + "?name=..%2Fup", Archives.cats(2).bytes());
    assertThat(named.status()).isEqualTo(422);
    assertThat(named.body().get("errors").get(0).get("field").asString()).isEqualTo("name");
    Answer json = trainer.post(PATH + "?name=a", "{}");
    assertThat(json.status()).isEqualTo(415);
    assertThat(json.body().get("code").asString()).isEqualTo("unsupported-media-type");
    assertThat(Archives.files(home)).isEqualTo(before);
  }

  private static Picture thumbnail(JsonNode item) {
    String uri = item.get("thumbnail").asString();
    assertThat(uri).startsWith("data:image/png;base64,");
    return Picture.decode(Base64.getDecoder().decode(uri.substring(uri.indexOf(',') + 1)));
  }

  private static String preview(Answer set, String query) {
    return PATH + "/" + id(set) + "/preview" + query;
  }

  private static String id(Answer set) {
    assertThat(set.status()).as(set.response().body()).isEqualTo(201);
    return set.body().get("id").asString();
  }

  private static List<String> ids(JsonNode page) {
    List<String> ids =
        page.get("items").valueStream().map(item -> item.get("id").asString()).toList();
    assertThat(new HashSet<>(ids)).hasSameSizeAs(ids);
    return ids;
  }

  private static Path file(String id) {
    return home.resolve("work/datasets/" + id + ".zip");
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
