package spikemlp.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import spikemlp.postgres.TestDatabase;
import spikemlp.trainer.RunningTrainer;
import spikemlp.trainer.RunningTrainer.Answer;

/** Requests that are held up in their planning by a registry that thinks for long. */
class SubmitOnceTest {

  private static final String STUDIES = "/api/v1/studies";
  private static final String HELD_UP =
      "{\"name\": \"a\", \"dataSet\": {\"kind\": \"digits\"}, \"start\": {\"model\": \"slow\"}}";

  @TempDir Path home;
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private HttpServer registry;
  private TestDatabase database;
  private RunningTrainer trainer;

  @BeforeEach
  void start() throws Exception {
    registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    registry.createContext(
        "/",
        exchange -> {
          asked.countDown();
          try {
            goOn.await(60, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.sendResponseHeaders(404, -1);
          exchange.close();
        });
    registry.start();
    database = TestDatabase.create("trainer");
    trainer =
        RunningTrainer.start(
            database,
            home,
            "workers=0",
            "registry-attempts=1",
            "registry-url=http://127.0.0.1:" + registry.getAddress().getPort());
  }

  @AfterEach
  void stop() {
    goOn.countDown();
    trainer.close();
    registry.stop(0);
    database.close();
  }

  private Answer post(String path, String body, String key) {
    return trainer.post(path, body, "Idempotency-Key", key);
  }

  @Test
  void aKeyWhoseRequestIsStillBeingProcessedIsInUseUntilItIsAnswered() throws Exception {
    CompletableFuture<Answer> first =
        CompletableFuture.supplyAsync(() -> post(Jobs.PATH, HELD_UP, "k"));
    assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
    Answer second = post(Jobs.PATH, HELD_UP, "k");
    assertThat(second.status()).isEqualTo(409);
    assertThat(second.body().get("code").asString()).isEqualTo("idempotency-key-in-use");
    assertThat(second.response().headers().firstValue("Retry-After")).contains("1");
    assertThat(post(Jobs.PATH, Jobs.tiny(1, 0.1), "other").status()).isEqualTo(202);
    assertThat(
            post(
                    STUDIES,
                    "{\"name\": \"s\", \"base\": {\"dataSet\": {\"kind\": \"digits\"}},"
                        + " \"seeds\": [1]}",
                    "k")
                .status())
        .isEqualTo(202);
    goOn.countDown();
    assertThat(first.get(30, TimeUnit.SECONDS).status()).isGreaterThanOrEqualTo(400);
    assertThat(post(Jobs.PATH, Jobs.tiny(1, 0.1), "k").status()).isEqualTo(202);
  }

  @Test
  void aKeyIsFreeAgainWhenTheProcessThatHeldItIsGone() throws Exception {
    var _ = CompletableFuture.supplyAsync(() -> post(Jobs.PATH, HELD_UP, "k"));
    assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
    int ended =
        JdbcClient.create(trainer.context().getBean(DataSource.class))
            .sql(
                """
                select count(pg_terminate_backend(pid)) from pg_locks
                where locktype = 'advisory' and database =
                  (select oid from pg_database where datname = current_database())
                """)
            .query(Integer.class)
            .single();
    assertThat(ended).isEqualTo(1);
    assertThat(post(Jobs.PATH, Jobs.tiny(1, 0.1), "k").status()).isEqualTo(202);
  }

  @Test
  void aStudysKeyIsInUseToo() throws Exception {
    String study =
        """
        {"name": "s", "seeds": [1],
         "base": {"dataSet": {"kind": "digits"}, "start": {"model": "slow"}}}
        """;
    var _ = CompletableFuture.supplyAsync(() -> post(STUDIES, study, "k"));
    assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(post(STUDIES, study, "k").body().get("code").asString())
        .isEqualTo("idempotency-key-in-use");
  }
}
