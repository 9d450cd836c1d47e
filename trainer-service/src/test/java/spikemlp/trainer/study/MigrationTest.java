package spikemlp.trainer.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.postgres.TestDatabase;
import spikemlp.trainer.RunningTrainer;

class MigrationTest {

  @TempDir Path home;

  @Test
  void aDatabaseThatHasStudiesGetsScriptsOfLowerNumbersThatCameLater() throws Exception {
    Path scripts = Files.createDirectories(home.resolve("scripts"));
    for (String script : List.of("V1__training_jobs", "V2__spring_batch", "V10__studies")) {
      try (InputStream sql = getClass().getResourceAsStream("/db/trainer/" + script + ".sql")) {
        Files.copy(sql, scripts.resolve(script + ".sql"));
      }
    }
    try (TestDatabase database = TestDatabase.create("trainer")) {
      Flyway.configure()
          .dataSource(database.jdbcUrl(), database.username(), database.password())
          .locations("filesystem:" + scripts)
          .load()
          .migrate();
      try (RunningTrainer trainer = RunningTrainer.start(database, home, "workers=0")) {
        assertThat(trainer.get("/api/v1/training-jobs").status()).isEqualTo(200);
      }
    }
  }

  @Test
  void aDatabaseFromBeforeStudiesGetsThem() {
    try (TestDatabase database = TestDatabase.create("trainer")) {
      Flyway.configure()
          .dataSource(database.jdbcUrl(), database.username(), database.password())
          .locations("classpath:db/trainer")
          .target("2")
          .load()
          .migrate();
      try (RunningTrainer trainer = RunningTrainer.start(database, home, "workers=0")) {
        assertThat(trainer.get(Studies.PATH).status()).isEqualTo(200);
        assertThat(trainer.get("/api/v1/training-jobs").status()).isEqualTo(200);
      }
    }
  }
}
