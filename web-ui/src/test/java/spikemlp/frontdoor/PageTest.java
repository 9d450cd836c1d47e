package spikemlp.frontdoor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTest {

  private static FrontDoorFixture door;

  @BeforeAll
  static void open() throws Exception {
    door = new FrontDoorFixture();
  }

  @AfterAll
  static void close() {
    door.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/jobs", "/jobs/0193-ab", "/models/digits", "/classify"})
  void thePagesOwnPathsAnswerWithItsDocument(String path) throws Exception {
    HttpResponse<String> answer = door.get(path);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
    assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-cache");
    assertThat(answer.body()).contains("<title>SpikeMLP</title>");
  }

  @Test
  void whatTheDocumentLoadsIsThereAndKept() throws Exception {
    Matcher assets = Pattern.compile("(?:src|href)=\"(/assets/[^\"]+)\"").matcher(body("/"));
    int found = 0;
    while (assets.find()) {
      HttpResponse<String> asset = door.get(assets.group(1));
      assertThat(asset.statusCode()).as(assets.group(1)).isEqualTo(200);
      assertThat(asset.headers().firstValue("Cache-Control").orElse("")).contains("immutable");
      found++;
    }
    assertThat(found).as("scripts and styles the document loads").isGreaterThanOrEqualTo(2);
    assertThat(door.get("/favicon.svg").headers().firstValue("Content-Type"))
        .hasValue("image/svg+xml");
  }

  @Test
  void theDocumentRunsUnderItsOwnPolicy() throws Exception {
    assertThat(body("/"))
        .as("no inline script or style, which the policy would block")
        .doesNotContain("<style", "style=")
        .doesNotContainPattern("<script(?![^>]* src=)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/api/v1/models", "/x", "/actuator/health"})
  void everyAnswerCarriesTheSecurityHeaders(String path) throws Exception {
    HttpResponse<String> answer = door.get(path);
    assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'");
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(answer.headers().firstValue("X-Frame-Options")).hasValue("DENY");
  }

  @Test
  void otherSitesScriptsAreGivenNothing() throws Exception {
    HttpResponse<String> answer =
        door.send(
            door.request("/api/v1/models").header("Origin", "https://evil.example"),
            BodyHandlers.ofString());
    assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/assets/none.js", "/assets/..%2f..%2ffrontdoor.yaml", "/page/index.html"})
  void nothingElseOfTheClassPathIsServed(String path) throws Exception {
    assertThat(door.get(path).statusCode()).isIn(400, 404);
  }

  @Test
  void thePageIsReadOnly() throws Exception {
    HttpResponse<String> answer =
        door.send(door.request("/jobs").POST(BodyPublishers.noBody()), BodyHandlers.ofString());
    assertThat(answer.statusCode()).isIn(404, 405);
  }

  private static String body(String path) throws Exception {
    return door.get(path).body();
  }
}
