package spikemlp.registry.version;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static spikemlp.registry.RunningRegistry.FAILED;
import static spikemlp.registry.RunningRegistry.code;
import static spikemlp.registry.RunningRegistry.detail;
import static spikemlp.registry.RunningRegistry.json;
import static spikemlp.registry.RunningRegistry.request;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import spikemlp.registry.Registrations;
import spikemlp.registry.RegistryExtension;
import spikemlp.registry.RunningRegistry;
import tools.jackson.databind.JsonNode;

@ExtendWith(RegistryExtension.class)
class ModelSearchTest {

  private final RunningRegistry registry;

  ModelSearchTest(RunningRegistry registry) {
    this.registry = registry;
  }

  @Test
  void modelsAreFoundByTheMetricsOfTheirNewestReadyVersionAndByTheirTags() {
    model("found-a", Map.of("team", "seen"), 0.7, 0.9);
    model("found-b", Map.of("team", "seen"), 0.95, 0.5);
    model("found-c", Map.of("team", "other"), 0.99);
    registry.register("found-a", request("failing", Map.of(), FAILED));

    assertThat(names("tags.team = 'seen' and metrics.accuracy > 0.8")).containsExactly("found-a");
    assertThat(names("name like 'found-%' and not metrics.accuracy > 0.8"))
        .containsExactly("found-b");
    assertThat(names("name like 'found-%' order by metrics.accuracy desc"))
        .containsExactly("found-c", "found-a", "found-b");
    assertThat(names("name ilike 'FOUND-_' and created > '2020-01-01T00:00:00Z'")).hasSize(3);
    assertThat(names("name like 'found-%' and created < '2020-01-01T00:00:00Z'")).isEmpty();
    assertThat(names("name like 'found-%' and tags.team != 'seen'")).containsExactly("found-c");
    assertThat(names("name like 'found-%' and tags.absent != 'seen'")).isEmpty();
  }

  @Test
  void archivingAndDeletingTheNewestReadyVersionBringsTheOneBeforeIntoSearch() {
    model("turns", Map.of(), 0.1, 0.2, 0.3);
    assertThat(names("name = 'turns' and metrics.accuracy = 0.3")).hasSize(1);
    registry.sendJson("POST", "/api/v1/models/turns/versions/3:archive", "");
    assertThat(names("name = 'turns' and metrics.accuracy = 0.2")).hasSize(1);
    registry.sendJson("DELETE", "/api/v1/models/turns/versions/2", "");
    assertThat(names("name = 'turns' and metrics.accuracy = 0.1")).hasSize(1);
    registry.sendJson("POST", "/api/v1/models/turns/versions/3:restore", "");
    assertThat(names("name = 'turns' and metrics.accuracy = 0.3")).hasSize(1);
  }

  @Test
  void pagesShowEachModelOnceThoughOthersComeAndSomeLackTheMetric() {
    for (int i = 0; i < 5; i++) {
      model("paged-" + i, Map.of(), i % 2 == 0 ? 0.5 : 0.6);
      registry.sendJson("POST", "/api/v1/models", Map.of("name", "paged-empty-" + i));
    }
    for (String direction : List.of("", " desc")) {
      String filter = "name like 'paged-%' order by metrics.accuracy" + direction;
      List<String> seen = new ArrayList<>();
      String after = "";
      int pages = 0;
      do {
        JsonNode page = json(search("/api/v1/models", filter, "&limit=3" + after));
        seen.addAll(page.path("items").findValuesAsString("name"));
        after = page.path("next").isString() ? "&after=" + page.path("next").asString() : "";
        if (pages++ == 0) {
          registry.sendJson("POST", "/api/v1/models", Map.of("name", "aaa-paged" + pages));
        }
      } while (!after.isEmpty());
      assertThat(pages).isEqualTo(4);
      assertThat(seen).hasSize(10).doesNotHaveDuplicates();
      assertThat(seen.subList(5, 10)).allMatch(name -> name.startsWith("paged-empty-"));
      assertThat(seen.getFirst()).isEqualTo(direction.isEmpty() ? "paged-0" : "paged-3");
    }
  }

  @Test
  void theVersionsOfAModelAreSearchedLikewise() {
    model("many", Map.of(), IntStream.range(0, 7).mapToDouble(i -> i / 10.0).toArray());
    registry.register("many", request("failing", Map.of(), FAILED));
    assertThat(versions("metrics.accuracy >= 0.3 and state = 'READY'", ""))
        .containsExactly(7, 6, 5, 4);
    assertThat(versions("state != 'READY'", "")).containsExactly(8);
    assertThat(
            versions(
                "job = 'many-job-2' and timeSteps = 4 and dataHash = '" + "0".repeat(64) + "'", ""))
        .containsExactly(3);
    assertThat(versions("timeSteps > 4 or variant != 'custom'", "")).isEmpty();
    assertThat(versions("order by version", "&limit=2")).containsExactly(1, 2);
    JsonNode page = json(registry.get("/api/v1/models/many/versions?limit=5"));
    JsonNode rest =
        json(
            registry.get(
                "/api/v1/models/many/versions?limit=5&after=" + page.path("next").asString()));
    assertThat(rest.path("items").findValuesAsString("version")).containsExactly("3", "2", "1");
    assertThat(rest.path("next").isNull()).isTrue();
  }

  @Test
  void whatIsWrongWithASearchIsSaid() {
    HttpResponse<byte[]> refused = search("/api/v1/models", "metrics.accuracy >> 1", "");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(code(refused)).isEqualTo("invalid-filter");
    assertThat(json(refused).path("position").asInt()).isEqualTo(19);
    HttpResponse<byte[]> parameters = registry.get("/api/v1/models?limit=0&fliter=x");
    assertThat(parameters.statusCode()).isEqualTo(400);
    assertThat(detail(parameters)).contains("limit is a whole number from 1 to 200", "fliter");
    assertThat(registry.get("/api/v1/models?after=AAAA").statusCode()).isEqualTo(400);
    model("second-a", Map.of());
    model("second-b", Map.of());
    String next = json(registry.get("/api/v1/models?limit=1")).path("next").asString();
    assertThat(registry.get("/api/v1/models?limit=1&after=" + next).statusCode()).isEqualTo(200);
    assertThat(search("/api/v1/models", "name != 'x'", "&after=" + next).statusCode())
        .isEqualTo(400);
  }

  @Test
  void injectedTextFindsNothingAndChangesNothing() {
    model("victim", Map.of(), 0.5);
    for (String hostile :
        List.of(
            "name = 'x'' or ''1''=''1'",
            "name = 'x''; drop table model; --'",
            "tags.`x') or true --` = 'y'",
            "metrics.`accuracy'') is not null or true --` > 0",
            "name like '%\\'",
            "name = ':bound0'",
            "name = '?'")) {
      HttpResponse<byte[]> response = search("/api/v1/models", hostile, "");
      assertThat(response.statusCode()).as(hostile).isEqualTo(200);
      assertThat(json(response).path("items")).as(hostile).isEmpty();
    }
    assertThat(names("name = 'victim'")).hasSize(1);
  }

  @Test
  void aModelIsRegisteredBeforeItsVersionsAndAgainOnlyAsItIs() {
    Map<String, Object> body =
        Map.of("name", "early", "description", "Soon.", "tags", Map.of("team", "x"));
    HttpResponse<byte[]> made = registry.sendJson("POST", "/api/v1/models", body);
    assertThat(made.statusCode()).isEqualTo(201);
    assertThat(made.headers().firstValue("Location")).hasValue("/api/v1/models/early");
    assertThat(json(made).path("tags").path("team").asString()).isEqualTo("x");
    assertThat(registry.sendJson("POST", "/api/v1/models", body).statusCode()).isEqualTo(200);
    HttpResponse<byte[]> other =
        registry.sendJson("POST", "/api/v1/models", Map.of("name", "early"));
    assertThat(other.statusCode()).isEqualTo(409);
    assertThat(code(other)).isEqualTo("model-exists");
  }

  private void model(String name, Map<String, String> tags, double... accuracies) {
    registry.sendJson("POST", "/api/v1/models", Map.of("name", name, "tags", tags));
    for (int i = 0; i < accuracies.length; i++) {
      Map<String, Double> metrics = new HashMap<>(Map.of("accuracy", accuracies[i]));
      registry.register(name, Registrations.with(registry.request(name + "-job-" + i), metrics));
    }
  }

  private HttpResponse<byte[]> search(String path, String filter, String more) {
    return registry.get(path + "?filter=" + URLEncoder.encode(filter, UTF_8) + more);
  }

  private List<String> names(String filter) {
    return json(search("/api/v1/models", filter, "")).path("items").findValuesAsString("name");
  }

  private List<Integer> versions(String filter, String more) {
    return json(search("/api/v1/models/many/versions", filter, more))
        .path("items")
        .valueStream()
        .map(version -> version.path("version").asInt())
        .toList();
  }
}
