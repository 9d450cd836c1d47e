package spikemlp.trainer.job;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import spikemlp.trainer.TrainerProperties;

/**
 * The directories of jobs below the work directory, which all trainers of one database share: a job
 * that is taken over finds its checkpoint there.
 */
@Component
class JobFiles {

  private static final Logger log = LoggerFactory.getLogger(JobFiles.class);

  /** A directory without a job may be one whose job is being submitted. */
  private static final Duration GRACE = Duration.ofHours(1);

  private final Path jobs;
  private final JdbcClient jdbc;
  private final Clock clock;

  JobFiles(TrainerProperties properties, JdbcClient jdbc, Clock clock) {
    this.jobs = properties.workDirectory().resolve("jobs");
    this.jdbc = jdbc;
    this.clock = clock;
  }

  Path directory(String job) {
    return jobs.resolve(job);
  }

  /** Deletes a job's directory with all that is in it. */
  void delete(String job) throws IOException {
    Path directory = directory(job);
    if (Files.isDirectory(directory)) {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.deleteIfExists(file);
        }
      }
      Files.deleteIfExists(directory);
    }
  }

  /**
   * Deletes what trainers left that were killed between the end of a job and the deletion of its
   * files: the directories of completed jobs, and old ones of jobs that are no more.
   */
  void sweep() {
    List<String> found = new ArrayList<>();
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(jobs, Files::isDirectory)) {
      directories.forEach(directory -> found.add(directory.getFileName().toString()));
    } catch (IOException e) {
      return; // there is none before the first job
    }
    if (found.isEmpty()) {
      return;
    }
    Set<String> kept =
        Set.copyOf(
            jdbc.sql("select id from training_jobs where id in (:ids) and state <> 'COMPLETED'")
                .param("ids", found)
                .query((row, n) -> row.getString("id"))
                .list());
    Set<String> completed =
        Set.copyOf(
            jdbc.sql("select id from training_jobs where id in (:ids) and state = 'COMPLETED'")
                .param("ids", found)
                .query((row, n) -> row.getString("id"))
                .list());
    for (String job : found) {
      try {
        if (completed.contains(job) || (!kept.contains(job) && isOld(directory(job)))) {
          delete(job);
          log.info("deleted the files that job {} had left", job);
        }
      } catch (IOException e) {
        log.warn("the files that job {} had left could not be deleted", job, e);
      }
    }
  }

  private boolean isOld(Path directory) throws IOException {
    return Files.getLastModifiedTime(directory).toInstant().plus(GRACE).isBefore(clock.instant());
  }
}
