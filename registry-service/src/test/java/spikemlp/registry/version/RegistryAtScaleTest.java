package spikemlp.registry.version;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static spikemlp.registry.RunningRegistry.json;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import spikemlp.registry.RunningRegistry;
import spikemlp.registry.search.PageQuery;
import spikemlp.registry.search.Search;

/**
 * Lists and searches over many models of 10 versions read what they must by an index. With {@code
 * -Dspikemlp.test.models=10000} they are timed too; the figures are in docs/results/registry.md.
 */
@SuppressWarnings("SystemOut") // its figures are read by people
class RegistryAtScaleTest {

  private static final int MODELS = Integer.getInteger("spikemlp.test.models", 2_000);
  private static final int VERSIONS = 10;
  private static final String MIDDLE = "model-%05d".formatted(MODELS / 2);

  /** Times are taken at full size alone, and of so many requests. */
  private static final boolean TIMED = MODELS >= 10_000;

  private static final int REQUESTS = TIMED ? 100 : 1;
  private static final int WARMING = TIMED ? 20 : 0;
  private static final Duration LIST_BOUND = Duration.ofMillis(50);
  private static final Duration SEARCH_BOUND = Duration.ofMillis(100);

  private final SoftAssertions times = new SoftAssertions();

  private static final List<String> SEARCHES =
      List.of(
          "metrics.accuracy > 0.8 and tags.team = 'team-7' order by metrics.energy_pj",
          "metrics.accuracy > 0.99 order by metrics.energy_pj",
          "metrics.accuracy > 0.1 order by metrics.energy_pj desc",
          "metrics.absent > 0",
          "name like '%-0999%' and created > '2026-01-02T00:00:00Z' order by created desc",
          "not (tags.team = 'team-7' or metrics.accuracy < 0.5) order by tags.stage");

  @Test
  void listsAndSearchesStayFast() throws IOException {
    try (RunningRegistry registry = RunningRegistry.start()) {
      JdbcClient jdbc = registry.jdbc();
      fill(registry, jdbc);

      assertThat(plan(jdbc, models("", Optional.empty())))
          .anyMatch(line -> line.contains("model_name_key"));
      String next = json(registry.get("/api/v1/models")).path("next").asString();
      assertThat(plan(jdbc, models("", Optional.of(next))))
          .anyMatch(line -> line.contains("model_name_key"));
      assertThat(plan(jdbc, models("order by created desc", Optional.empty())))
          .anyMatch(line -> line.contains("model_by_creation"));
      for (String search : SEARCHES) {
        assertThat(plan(jdbc, models(search, Optional.empty())))
            .noneMatch(line -> line.contains("Seq Scan on model_version"));
      }
      assertThat(plan(jdbc, models(SEARCHES.getFirst(), Optional.empty())))
          .anyMatch(line -> line.contains("model_by_tag"));
      PageQuery versions =
          Versions.query(MIDDLE, Search.of("", Versions.FIELDS), 50, Optional.empty());
      assertThat(plan(jdbc, versions))
          .noneMatch(line -> line.contains("Seq Scan on model_version"));

      for (String list :
          List.of(
              "/api/v1/models",
              "/api/v1/models?limit=200",
              "/api/v1/models?after=" + next,
              "/api/v1/models/" + MIDDLE + "/versions")) {
        assertFast(registry, list, LIST_BOUND);
      }
      for (String search : SEARCHES) {
        String path = "/api/v1/models?filter=" + URLEncoder.encode(search, UTF_8);
        assertFast(registry, path, SEARCH_BOUND);
      }
      String within =
          "/api/v1/models/"
              + MIDDLE
              + "/versions?filter="
              + URLEncoder.encode("metrics.accuracy > 0.5 order by metrics.energy_pj", UTF_8);
      assertFast(registry, within, SEARCH_BOUND);
      String mlflow =
          "/api/2.0/mlflow/model-versions/search?filter="
              + URLEncoder.encode("run_id = 'job-" + MODELS / 2 + "-5'", UTF_8);
      assertFast(registry, mlflow, SEARCH_BOUND);
      times.assertAll();
    }
  }

  private static void fill(RunningRegistry registry, JdbcClient jdbc) {
    assertThat(registry.register("pattern", registry.request("job")).statusCode()).isEqualTo(201);
    jdbc.sql("alter table model_version disable trigger user").update();
    jdbc.sql(
            """
            insert into model (name, last_version, tags, created_at)
            select 'model-' || lpad(n::text, 5, '0'), :versions,
                   jsonb_build_object('team', 'team-' || n % 100, 'stage', 'stage-' || n % 7,
                                      'owner', 'owner-' || n),
                   timestamptz '2026-01-01 00:00:00Z' + n * interval '1 minute'
              from generate_series(1, :models) n
            """)
        .param("models", MODELS)
        .param("versions", VERSIONS)
        .update();
    jdbc.sql(
            """
            insert into model_version
                   (model_id, version, state, source_job_id, card, metrics, proof, created_at)
            select m.id, v, case when v % 5 = 4 then 'FAILED' else 'READY' end,
                   'job-' || (substring(m.name from 7))::int || '-' || v, p.card,
                   jsonb_build_object('accuracy', random(), 'loss', random(),
                     'test_images', 10000, 'parameters', 4000000 + v,
                     'synaptic_additions', 1e9 * random(), 'macs', 1e7,
                     'energy_pj', 1e9 * random(), 'ann_energy_pj', 4e9),
                   p.proof, m.created_at + v * interval '1 second'
              from model m
              cross join generate_series(1, :versions) v
              cross join (select card, proof from model_version limit 1) p
             where m.name like 'model-%'
             order by m.id, v
            """)
        .param("versions", VERSIONS)
        .update();
    jdbc.sql(
            """
            insert into version_artifact (version_id, file, sha256)
            select v.id, 'model.onnx', a.sha256
              from model_version v
              cross join (select sha256 from artifact limit 1) a
             where not exists (select from version_artifact f where f.version_id = v.id)
            """)
        .update();
    jdbc.sql(
            """
            update model m set (newest_ready, newest_metrics) =
                   (select v.version, v.metrics from model_version v
                     where v.model_id = m.id and v.state = 'READY'
                     order by v.version desc limit 1)
            """)
        .update();
    jdbc.sql("alter table model_version enable trigger user").update();
    for (String table : List.of("model", "model_version", "version_artifact", "alias")) {
      jdbc.sql("vacuum analyze " + table).update();
    }
  }

  private static PageQuery models(String filter, Optional<String> after) {
    return Models.query(Search.of(filter, Models.FIELDS), 50, after);
  }

  private static List<String> plan(JdbcClient jdbc, PageQuery query) {
    List<String> lines =
        jdbc.sql("explain (analyze, buffers) " + query.sql())
            .params(query.values())
            .query((row, number) -> row.getString(1))
            .list();
    System.out.println(query.search().text());
    lines.forEach(line -> System.out.println("    " + line));
    return lines;
  }

  private void assertFast(RunningRegistry registry, String path, Duration bound) {
    long[] nanoseconds = new long[REQUESTS];
    for (int i = -WARMING; i < REQUESTS; i++) {
      long start = System.nanoTime();
      HttpResponse<byte[]> response = registry.get(path);
      if (i >= 0) {
        nanoseconds[i] = System.nanoTime() - start;
      }
      assertThat(response.statusCode()).isEqualTo(200);
    }
    if (TIMED) {
      Arrays.sort(nanoseconds);
      System.out.printf(
          "%-120s median %6.1f ms, 95th percentile %6.1f ms, most %6.1f ms%n",
          path, nanoseconds[50] / 1e6, nanoseconds[94] / 1e6, nanoseconds[99] / 1e6);
      times.assertThat(Duration.ofNanos(nanoseconds[94])).as(path).isLessThan(bound);
    }
  }
}
