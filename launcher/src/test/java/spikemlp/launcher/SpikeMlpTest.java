package spikemlp.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SpikeMlpTest {

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void log() {
    SpikeMlp.configureLogging();
  }

  private int run(String... arguments) {
    CommandLine line = SpikeMlp.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }

  private String home() {
    return folder.resolve("home").toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"demo", "up", "train", "study", "classify", "token", "estimate", "check-vector"})
  void everyCommandExplainsItselfAndWritesJson(String command) {
    assertThat(run(command, "--help")).isZero();
    assertThat(out.toString()).contains("Usage: spikemlp " + command).contains("--json");
  }

  @Test
  void aWrongCommandLineIsStatusTwo() {
    assertThat(run("demo", "--nonsense")).isEqualTo(2);
    assertThat(err.toString()).contains("--nonsense");
    assertThat(run("train")).isEqualTo(2);
    assertThat(err.toString()).contains("--data");
  }

  @Test
  void aStartThatIsNoneIsOneClearLine() {
    String pictures = folder.toString();
    assertThat(run("train", "--home", home(), "--data", pictures, "--fine-tune")).isEqualTo(1);
    assertThat(run("train", "--home", home(), "--data", pictures, "--from", "a:b")).isEqualTo(1);
    assertThat(err.toString().lines())
        .satisfiesExactly(
            line -> assertThat(line).contains("--fine-tune needs --from MODEL[@ALIAS|:VERSION]"),
            line -> assertThat(line).contains("--from: 'a:b' names no model"));
  }

  @Test
  void aTokenIsPrintedAloneAndAsJson() throws Exception {
    Path json = folder.resolve("deep/token.json");

    assertThat(run("token", "--home", home(), "--scope", "read,train", "--json", json.toString()))
        .isZero();

    assertThat(out.toString().strip()).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+");
    JsonNode report = JsonMapper.shared().readTree(Files.readString(json));
    assertThat(report.path("token").asString()).isEqualTo(out.toString().strip());
    assertThat(report.path("scopes")).hasToString("[\"read\",\"train\"]");
  }

  @Test
  void aScopeThatIsNoneIsOneClearLine() {
    assertThat(run("token", "--home", home(), "--scope", "write")).isEqualTo(1);
    assertThat(err.toString().lines().toList())
        .isEqualTo(
            List.of(
                "spikemlp: no scope is named 'write'; there are read, infer, train, promote,"
                    + " admin"));
  }

  @Test
  void aPortInUseIsNamedBeforeAnythingStarts() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      String port = Integer.toString(taken.getLocalPort());

      assertThat(run("up", "--home", home(), "--port", port)).isEqualTo(1);

      assertThat(err.toString().lines().toList()).hasSize(1);
      assertThat(err.toString()).contains("port " + port).contains("--port");
      assertThat(Path.of(home())).doesNotExist();
    }
  }

  @Test
  void dataThatAreNotThereAreNamedBeforeAnythingStarts() {
    assertThat(run("train", "--home", home(), "--data", folder.resolve("none").toString()))
        .isEqualTo(1);
    assertThat(err.toString()).contains("nothing readable at").contains("none");
    assertThat(Path.of(home())).doesNotExist();
  }

  @Test
  void classifyingWithoutAPlatformSaysHowToStartOne() throws Exception {
    Path picture = Files.write(folder.resolve("a.png"), new byte[] {1, 2, 3});
    String url;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      url = "http://127.0.0.1:" + free.getLocalPort();
    }

    assertThat(run("classify", "--home", home(), "--model", "m", picture.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("has no key");
    assertThat(
            run(
                "classify",
                "--home",
                home(),
                "--token",
                "t",
                "--url",
                url,
                "--model",
                "m",
                picture.toString()))
        .isEqualTo(1);
    assertThat(err.toString()).contains("no answer from " + url).contains("./spikemlp up");
  }

  @Test
  void aVectorThatIsNotOneIsNamed() throws Exception {
    Path file = Files.writeString(folder.resolve("bad.safetensors"), "nonsense");

    assertThat(run("check-vector", file.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("bad.safetensors");
  }

  @Test
  void aModelIsNamedAfterItsData() {
    assertThat(TrainCommand.nameOf(Path.of("/data/CIFAR10 jpg.ZIP"))).isEqualTo("cifar10-jpg");
    assertThat(TrainCommand.nameOf(Path.of("/data/.hidden"))).isEqualTo("hidden");
    assertThat(TrainCommand.nameOf(Path.of("/data/狗"))).isEqualTo("model");
  }
}
