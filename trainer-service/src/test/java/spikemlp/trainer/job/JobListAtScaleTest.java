package spikemlp.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.util.UriComponentsBuilder;
import spikemlp.contract.job.JobProgress;
import spikemlp.postgres.TestDatabase;
import spikemlp.trainer.RunningTrainer;
import tools.jackson.databind.json.JsonMapper;

/**
 * The list over 1,000 jobs. {@code -Dspikemlp.test.metrics=1000} gives each as many points of its
 * series by step; its figures are those of docs/adr/0011.
 */
@SuppressWarnings("SystemOut") // its figures are read by people
class JobListAtScaleTest {

  private static final int JOBS = 1_000;
  private static final int METRICS = Integer.getInteger("spikemlp.test.metrics", 20);

  /** What is promised is 50 ms; a test machine may be busy. */
  private static final Duration BOUND = Duration.ofMillis(250);

  @TempDir Path home;

  @Test
  void theListIsReadByItsIndexAndDoesNotGrowWithTheCurves() {
    try (TestDatabase database = TestDatabase.create("trainer");
        RunningTrainer trainer = RunningTrainer.start(database, home, "workers=0")) {
      JdbcClient jdbc = JdbcClient.create(trainer.context().getBean(DataSource.class));
      fill(jdbc);
      System.out.printf("%d jobs with %d metrics each%n", JOBS, METRICS);
      List<String> newest = plan(jdbc, "");
      assertThat(newest).anyMatch(line -> line.contains("training_jobs_newest"));
      assertThat(newest).noneMatch(line -> line.contains("metrics_pkey"));
      String next = trainer.get(Jobs.PATH).body().get("next").asString();
      assertThat(plan(jdbc, "?after=" + next))
          .anyMatch(line -> line.contains("training_jobs_newest"));
      assertThat(plan(jdbc, "?name=model-7"))
          .anyMatch(line -> line.contains("training_jobs_by_name"));
      plan(jdbc, "?dataSet=set-7.zip");
      for (String query :
          new String[] {
            "",
            "?limit=200",
            "?after=" + next,
            "?state=FAILED",
            "?name=model-7",
            "?dataSet=set-7.zip"
          }) {
        assertThat(percentile95(trainer, query)).as(query).isLessThan(BOUND);
      }
      costOfAPoint(trainer, jdbc);
    }
  }

  private static void fill(JdbcClient jdbc) {
    jdbc.sql(
            """
            insert into training_jobs (id, name, request, state, progress, results, metrics,
              submitted_by, created_at)
            select 'job-' || n, 'model-' || n % 100,
              jsonb_build_object('name', 'model-' || n % 100, 'dataSet',
                jsonb_build_object('kind', 'path', 'path', 'set-' || n % 20 || '.zip')),
              case when n % 50 = 0 then 'FAILED' else 'COMPLETED' end, :progress::jsonb,
              jsonb_build_object('rates',
                (select jsonb_agg(random()) from generate_series(1, 200))),
              '{"accuracy": 0.9, "energy_pj": 1000}', 'tester',
              timestamptz '2026-01-01 00:00Z' + n * interval '1 minute'
            from generate_series(1, :jobs) n
            """)
        .param("progress", JsonMapper.shared().writeValueAsString(JobProgress.NONE))
        .param("jobs", JOBS)
        .update();
    for (String table : new String[] {"step_metrics", "epoch_metrics"}) {
      boolean steps = table.equals("step_metrics");
      jdbc.sql(
              "insert into "
                  + table
                  + " select 'job-' || j, m, 1, 0.5, 0.5, 0.1, 100"
                  + " from generate_series(1, :jobs) j, generate_series(1, :metrics) m")
          .param("jobs", JOBS)
          .param("metrics", steps ? METRICS : Math.min(METRICS, 100))
          .update();
    }
    jdbc.sql("analyze").update();
  }

  private static List<String> plan(JdbcClient jdbc, String uri) {
    MultiValueMap<String, String> parameters =
        new LinkedMultiValueMap<>(UriComponentsBuilder.fromUriString(uri).build().getQueryParams());
    JobList.Query query = JobList.query(JobFilter.of(parameters));
    List<String> plan =
        jdbc.sql("explain (analyze, buffers) " + query.sql())
            .params(query.values())
            .query(String.class)
            .list();
    System.out.println("list" + uri.replaceAll("after=.*", "after=…"));
    plan.forEach(System.out::println);
    return plan;
  }

  private static Duration percentile95(RunningTrainer trainer, String query) {
    long[] nanos = new long[100];
    for (int i = -20; i < nanos.length; i++) {
      long began = System.nanoTime();
      assertThat(trainer.get(Jobs.PATH + query).status()).isEqualTo(200);
      nanos[Math.max(i, 0)] = System.nanoTime() - began;
    }
    Arrays.sort(nanos);
    System.out.printf(
        "GET list%s: median %.1f ms, p95 %.1f ms, most %.1f ms%n",
        query.replaceAll("after=.*", "after=…"), nanos[49] / 1e6, nanos[94] / 1e6, nanos[99] / 1e6);
    return Duration.ofNanos(nanos[94]);
  }

  /** The transaction that moves a checkpoint, without and with its point of the series. */
  private static void costOfAPoint(RunningTrainer trainer, JdbcClient jdbc) {
    TransactionTemplate transaction =
        new TransactionTemplate(trainer.context().getBean(PlatformTransactionManager.class));
    Consumer<Integer> checkpoint =
        n ->
            jdbc.sql("update training_jobs set checkpoint = ?::jsonb where id = 'job-1'")
                .param("{\"batches\": " + n + "}")
                .update();
    Consumer<Integer> withPoint =
        checkpoint.andThen(n ->
            jdbc.sql("insert into step_metrics values ('job-1', ?, 1, 0.5, 0.5, 0.1, 100)")
                .param(1_000_000 + n)
                .update());
    for (int round = 0; round < 3; round++) {
      int from = round * 200;
      System.out.printf(
          "a checkpoint's transaction: %.2f ms, with a point %.2f ms%n",
          millis(transaction, checkpoint, from), millis(transaction, withPoint, from));
    }
  }

  private static double millis(TransactionTemplate transaction, Consumer<Integer> work, int from) {
    long began = System.nanoTime();
    for (int i = 0; i < 200; i++) {
      int n = from + i;
      transaction.executeWithoutResult(status -> work.accept(n));
    }
    return (System.nanoTime() - began) / 1e6 / 200;
  }
}
