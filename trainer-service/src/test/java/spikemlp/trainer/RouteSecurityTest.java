package spikemlp.trainer;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.postgres.TestDatabase;
import spikemlp.security.PlatformTokens;
import spikemlp.security.RouteSecurityContract;
import spikemlp.security.Scope;

class RouteSecurityTest {

  @TempDir Path home;

  @Test
  void everyRouteIsClosedButForItsScopeAndHealthIsOpen() throws Exception {
    try (TestDatabase database = TestDatabase.create("trainer");
        RunningTrainer trainer = RunningTrainer.start(database, home, "workers=0");
        HttpClient anybody = HttpClient.newHttpClient()) {
      RouteSecurityContract.verify(
          trainer.context(),
          trainer.base(),
          trainer.context().getBean(PlatformTokens.class),
          Map.ofEntries(
              entry("POST /api/v1/training-jobs", Scope.TRAIN),
              entry("GET /api/v1/training-jobs", Scope.READ),
              entry("GET /api/v1/training-jobs/{id}", Scope.READ),
              entry("GET /api/v1/training-jobs/{id}/events", Scope.READ),
              entry("POST /api/v1/training-jobs/{id}:stop", Scope.TRAIN),
              entry("POST /api/v1/training-jobs/{id}:resume", Scope.TRAIN),
              entry("POST /api/v1/training-jobs/{id}:export", Scope.TRAIN),
              entry("POST /api/v1/training-jobs/{id}:reproduce", Scope.TRAIN),
              entry("GET /api/v1/training-jobs/{id}/metrics", Scope.READ),
              entry("GET /api/v1/training-jobs/{id}/logs", Scope.READ),
              entry("DELETE /api/v1/training-jobs/{id}", Scope.TRAIN),
              entry("POST /api/v1/studies", Scope.TRAIN),
              entry("GET /api/v1/studies", Scope.READ),
              entry("GET /api/v1/studies/{id}", Scope.READ),
              entry("GET /api/v1/studies/{id}/table", Scope.READ),
              entry("POST /api/v1/studies/{id}:stop", Scope.TRAIN),
              entry("POST /api/v1/datasets", Scope.TRAIN),
              entry("GET /api/v1/datasets", Scope.READ),
              entry("GET /api/v1/datasets/{id}", Scope.READ),
              entry("GET /api/v1/datasets/{id}/preview", Scope.READ),
              entry("DELETE /api/v1/datasets/{id}", Scope.TRAIN),
              entry("GET /actuator/prometheus", Scope.READ)));
      HttpResponse<String> ready =
          anybody.send(
              HttpRequest.newBuilder(trainer.base().resolve("/actuator/health/readiness")).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(ready.statusCode()).isEqualTo(200);
      assertThat(ready.body()).contains("UP").doesNotContain("PostgreSQL");
    }
  }
}
