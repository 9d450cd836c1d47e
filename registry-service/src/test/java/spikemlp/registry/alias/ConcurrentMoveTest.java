package spikemlp.registry.alias;

import static org.assertj.core.api.Assertions.assertThat;
import static spikemlp.registry.RunningRegistry.PASSED;
import static spikemlp.registry.RunningRegistry.code;
import static spikemlp.registry.RunningRegistry.json;
import static spikemlp.registry.RunningRegistry.request;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import spikemlp.contract.registry.Artifact;
import spikemlp.registry.Registrations;
import spikemlp.registry.RegistryExtension;
import spikemlp.registry.RunningRegistry;

@ExtendWith(RegistryExtension.class)
class ConcurrentMoveTest {

  private static final int THREADS = 100;
  private static final int VERSIONS = 20;
  private static final String ALIAS = "/api/v1/models/race/aliases/champion";

  /** From version 0 where nothing held the alias. */
  private record Move(int from, int to) {}

  private final RunningRegistry registry;

  ConcurrentMoveTest(RunningRegistry registry) {
    this.registry = registry;
  }

  @Test
  void aHundredMovesUnderAGateMakeAChainThatNeverFalls() throws Exception {
    Map<String, Artifact> files = Map.of("model.onnx", registry.uploaded());
    for (int i = 1; i <= VERSIONS; i++) {
      registry.register(
          "race",
          Registrations.with(request("race-" + i, files, PASSED), Map.of("accuracy", accuracy(i))));
    }
    registry.sendAsAdmin(
        "PUT",
        ALIAS + "/gate",
        Map.of(
            "conditions",
            List.of(Map.of("metric", "accuracy", "comparison", ">", "holder", Map.of()))));
    List<HttpResponse<byte[]>> answers = together();
    assertThat(answers)
        .allSatisfy(answer ->
            assertThat(answer.statusCode() == 200 || code(answer).equals("gate-refused"))
                .as(new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8))
                .isTrue());

    List<Move> moves =
        registry
            .jdbc()
            .sql(
                """
                select coalesce(from_version, 0) as held, to_version
                  from alias_history h join model m on m.id = h.model_id
                 where m.name = 'race' order by h.id
                """)
            .query((row, number) -> new Move(row.getInt("held"), row.getInt("to_version")))
            .list();
    assertThat(moves).isNotEmpty();
    assertThat(moves.getFirst().from()).isZero();
    for (int i = 1; i < moves.size(); i++) {
      int from = moves.get(i).from();
      assertThat(from).isEqualTo(moves.get(i - 1).to());
      assertThat(accuracy(moves.get(i).to())).isGreaterThan(accuracy(from));
    }
    int holder = json(registry.get("/api/v1/models/race")).path("aliases").path("champion").asInt();
    assertThat(holder).isEqualTo(moves.getLast().to()).isEqualTo(best());
    assertThat(json(registry.get(ALIAS + "/history?limit=200")).path("items")).hasSameSizeAs(moves);
    int audited =
        registry
            .jdbc()
            .sql(
                "select count(*) from audit_log where subject = 'race@champion'"
                    + " and action = 'alias.move'")
            .query(Integer.class)
            .single();
    assertThat(audited).isEqualTo(moves.size());
  }

  /** Every version has an accuracy of its own; the best is neither the first nor the last. */
  private static double accuracy(int version) {
    return version * 7 % VERSIONS / 100.0;
  }

  private static int best() {
    int best = 1;
    for (int version = 2; version <= VERSIONS; version++) {
      best = accuracy(version) > accuracy(best) ? version : best;
    }
    return best;
  }

  private List<HttpResponse<byte[]>> together() throws Exception {
    CountDownLatch ready = new CountDownLatch(THREADS);
    try (ExecutorService executor = Executors.newFixedThreadPool(THREADS)) {
      List<Future<HttpResponse<byte[]>>> calls = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int version = i % VERSIONS + 1;
        calls.add(
            executor.submit(() -> {
              ready.countDown();
              ready.await(30, TimeUnit.SECONDS);
              return moved(version);
            }));
      }
      List<HttpResponse<byte[]>> answers = new ArrayList<>();
      for (Future<HttpResponse<byte[]>> call : calls) {
        answers.add(call.get(60, TimeUnit.SECONDS));
      }
      return answers;
    }
  }

  /** Moves as callers are told to: again while the service has no connection to spare. */
  private HttpResponse<byte[]> moved(int version) {
    HttpResponse<byte[]> answer = registry.sendJson("PUT", ALIAS, Map.of("version", version));
    for (int again = 0; answer.statusCode() == 503 && again < 10; again++) {
      answer = registry.sendJson("PUT", ALIAS, Map.of("version", version));
    }
    return answer;
  }
}
