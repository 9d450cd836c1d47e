package spikemlp.trainer.job;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import spikemlp.contract.job.JobState;
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
    deleteExcept(directory(job), Optional.empty());
  }

  /** Deletes what is in a job's directory but the file given; without one the directory too. */
  static void deleteExcept(Path directory, Optional<String> kept) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> surplus =
          files.filter(file -> !file.getFileName().toString().equals(kept.orElse(""))).toList();
      for (Path file : surplus) {
        Files.deleteIfExists(file);
      }
    }
    if (kept.isEmpty()) {
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
    Map<String, JobState> states = states(found);
    for (String job : found) {
      try {
        JobState state = states.get(job);
        if (state == JobState.COMPLETED || (state == null && isOld(directory(job)))) {
          delete(job);
          log.info("deleted the files that job {} had left", job);
        }
      } catch (IOException e) {
        log.warn("the files that job {} had left could not be deleted", job, e);
      }
    }
  }

  private Map<String, JobState> states(List<String> ids) {
    Map<String, JobState> states = new HashMap<>();
    if (!ids.isEmpty()) {
      jdbc.sql("select id, state from training_jobs where id in (:ids)")
          .param("ids", ids)
          .query(row -> {
            states.put(row.getString("id"), JobState.valueOf(row.getString("state")));
          });
    }
    return states;
  }

  private boolean isOld(Path directory) throws IOException {
    return Files.getLastModifiedTime(directory).toInstant().plus(GRACE).isBefore(clock.instant());
  }
}
