package spikemlp.trainer.job;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import spikemlp.contract.job.JobState;
import spikemlp.problem.ProblemException;

/**
 * Deletes jobs that have ended: their rows, Batch's records of them, and their files. What they
 * registered stays.
 */
@Component
class JobDeletion {

  private static final Logger log = LoggerFactory.getLogger(JobDeletion.class);

  private record Found(JobState state, @Nullable String study, @Nullable String studyName) {}

  private final JdbcClient jdbc;
  private final JobRepository repository;
  private final TransactionTemplate transaction;
  private final JobFiles files;

  JobDeletion(
      JdbcClient jdbc,
      JobRepository repository,
      PlatformTransactionManager transactions,
      JobFiles files) {
    this.jdbc = jdbc;
    this.repository = repository;
    this.transaction = new TransactionTemplate(transactions);
    this.files = files;
  }

  /**
   * Deletes a job: the rows in one transaction, then the files.
   *
   * @throws ProblemException 404 if there is none; 409 {@code job-not-ended}, or {@code
   *     job-of-study} if a study's table is made of it
   */
  void delete(String id) {
    transaction.executeWithoutResult(status -> {
      requireDeletable(id);
      deleteBatchRecords(id);
      jdbc.sql("delete from training_jobs where id = ?").param(id).update();
    });
    log.info("job {} was deleted", id);
    try {
      files.delete(id);
    } catch (IOException e) {
      log.warn("the files of the deleted job {} could not be deleted", id, e);
    }
  }

  private void requireDeletable(String id) {
    Optional<Found> found =
        jdbc.sql(
                """
                select j.state, s.id as study, s.name as study_name
                from training_jobs j
                left join study_runs r on r.job_id = j.id
                left join studies s on s.id = r.study_id
                where j.id = ?
                for update of j
                """)
            .param(id)
            .query((row, n) ->
                new Found(
                    JobState.valueOf(row.getString("state")),
                    row.getString("study"),
                    row.getString("study_name")))
            .optional();
    Found job = found.orElseThrow(() -> JobStore.unknown(id));
    if (job.study() != null && job.studyName() != null) {
      throw new ProblemException(
          HttpStatus.CONFLICT,
          "job-of-study",
          "job %s is a run of study %s (%s), whose table is made of it"
              .formatted(id, job.studyName(), job.study()),
          Map.of("study", job.study()));
    }
    if (!job.state().ended()) {
      throw new ProblemException(
          HttpStatus.CONFLICT,
          "job-not-ended",
          "job %s is %s; only a job that is COMPLETED, FAILED or STOPPED can be deleted, so stop it first"
              .formatted(id, job.state()));
    }
  }

  private void deleteBatchRecords(String id) {
    JobParameters parameters =
        new JobParametersBuilder().addString(TrainingSteps.JOB_ID, id).toJobParameters();
    for (String name : repository.getJobNames()) {
      JobInstance instance = repository.getJobInstance(name, parameters);
      if (instance != null) {
        repository.deleteJobInstance(instance);
      }
    }
  }
}
