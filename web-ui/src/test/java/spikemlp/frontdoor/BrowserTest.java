package spikemlp.frontdoor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The built page in a real browser; skipped, and said so, where there is none. */
class BrowserTest {

  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome");

  private final CountDownLatch goOn = new CountDownLatch(1);
  private final LinkedBlockingQueue<String> crowned = new LinkedBlockingQueue<>();
  private volatile boolean ended;

  @Test
  @Timeout(150)
  void aReaderFollowsAJobCrownsAVersionAndClassifiesAPicture(@TempDir Path folder)
      throws Exception {
    drive("check.mjs", folder);
    assertThat(crowned).containsExactly("/api/v1/models/digits/aliases/champion {\"version\":2}");
  }

  @Test
  @Timeout(150)
  void everyElementIsSeenWholeInWindowsFromAPhoneToADesk(@TempDir Path folder) throws Exception {
    drive("layout.mjs", folder);
  }

  /** Runs a script of the page's browser folder before a front door with stand-ins for services. */
  private void drive(String script, Path folder) throws Exception {
    Optional<Path> browser = browser();
    if (browser.isEmpty()) {
      System.out.println("The page's browser test is skipped: no Chromium or Chrome on the PATH.");
    }
    assumeTrue(browser.isPresent(), "no Chromium or Chrome on the PATH");
    Path picture = folder.resolve("seven.png");
    ImageIO.write(new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB), "png", picture.toFile());
    Path screenshots = Files.createDirectories(Path.of("target", "screenshots").toAbsolutePath());
    try (FrontDoorFixture door = new FrontDoorFixture()) {
      door.trainer.answer(this::trainer);
      door.registry.answer(this::registry);
      door.inference.answer(exchange -> json(exchange, answer("classification")));
      Process check =
          new ProcessBuilder(
                  "node",
                  "browser/" + script,
                  "http://127.0.0.1:" + door.port(),
                  browser.get().toString(),
                  picture.toString(),
                  screenshots.toString())
              .directory(new File("page"))
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("log").toFile())
              .start();
      boolean inTime = check.waitFor(120, TimeUnit.SECONDS);
      check.descendants().forEach(ProcessHandle::destroyForcibly);
      check.destroyForcibly();
      goOn.countDown();
      assertThat(inTime).as("in time; said %s", Files.readString(folder.resolve("log"))).isTrue();
      assertThat(check.exitValue()).as(Files.readString(folder.resolve("log"))).isZero();
    }
  }

  private void trainer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    switch (path) {
      case "/api/v1/training-jobs" ->
          json(exchange, ended ? ended(answer("jobs")) : answer("jobs"));
      case "/api/v1/datasets/go-on" -> {
        goOn.countDown();
        json(exchange, "{}");
      }
      default -> {
        if (path.endsWith("/metrics")) {
          json(exchange, answer("curve"));
        } else {
          events(exchange);
        }
      }
    }
  }

  private void events(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream events = exchange.getResponseBody()) {
      String progress =
          "{\"step\":\"train\",\"epoch\":4,\"epochs\":5,\"batch\":1170,\"batches\":1560,\"loss\":0.1713,"
              + "\"accuracy\":0.9481,\"imagesPerSecond\":518.2,\"secondsLeft\":48.0}";
      events.write(("id: 1\nevent: progress\ndata: " + progress + "\n\n").getBytes(UTF_8));
      events.flush();
      if (goOn.await(60, TimeUnit.SECONDS)) {
        ended = true;
        String job = answer("ended-job").replaceAll("\\s*\n\\s*", "");
        events.write(("id: 2\nevent: end\ndata: " + job + "\n\n").getBytes(UTF_8));
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** The answer once the first job has completed as version 4. */
  private static String ended(String jobs) {
    return jobs.replaceFirst("RUNNING", "COMPLETED")
        .replaceFirst("\"version\": null", "\"version\": 4");
  }

  private void registry(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (exchange.getRequestMethod().equals("PUT")) {
      crowned.add(path + " " + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
      json(exchange, "{}");
    } else if (path.endsWith("/report.html")) {
      json(exchange, resource("report.html"));
    } else if (path.endsWith("/versions")) {
      json(exchange, path.endsWith("/digits/versions") ? answer("versions") : "{\"items\": []}");
    } else {
      json(exchange, path.endsWith("/models") ? answer("models") : "{}");
    }
  }

  private static void json(HttpExchange exchange, String body) throws IOException {
    boolean token =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
            .orElse("")
            .startsWith("Bearer ey");
    boolean open = exchange.getRequestURI().getPath().endsWith("go-on");
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    FakeService.send(exchange, token || open ? 200 : 401, body);
  }

  private static String answer(String name) throws IOException {
    return resource(name + ".json");
  }

  private static String resource(String name) throws IOException {
    try (InputStream resource = BrowserTest.class.getResourceAsStream("/answers/" + name)) {
      return new String(resource.readAllBytes(), UTF_8);
    }
  }

  private static Optional<Path> browser() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of(path.split(Pattern.quote(File.pathSeparator)))
        .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
