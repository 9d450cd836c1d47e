package spikemlp.trainer.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import spikemlp.contract.job.DataSetSpec;
import spikemlp.contract.job.JobKind;
import spikemlp.contract.job.JobProgress;
import spikemlp.contract.job.JobState;
import spikemlp.problem.ProblemException;
import spikemlp.trainer.dataset.DataSetStore;
import spikemlp.trainer.job.JobEvents.Kind;
import spikemlp.trainer.job.JobEvents.StateChange;
import tools.jackson.databind.json.JsonMapper;

/**
 * What can be made of a job that has ended: it goes on, or a job of its own exports what it had
 * learnt, or repeats it. Each holds the row's lock meanwhile, so that the job stays as it is.
 */
@Component
class JobControl {

  private static final Set<JobState> INTERRUPTED = Set.of(JobState.STOPPED, JobState.FAILED);

  private record Ended(
      JobState state,
      JobKind kind,
      Optional<TrainingCheckpoint> checkpoint,
      Optional<String> weights,
      Optional<DataSetSpec> dataSet) {}

  private final JdbcClient jdbc;
  private final JsonMapper json;
  private final JobEvents events;
  private final JobFiles files;
  private final DataSetStore dataSets;

  JobControl(
      JdbcClient jdbc, JsonMapper json, JobEvents events, JobFiles files, DataSetStore dataSets) {
    this.jdbc = jdbc;
    this.json = json;
    this.events = events;
    this.files = files;
    this.dataSets = dataSets;
  }

  /**
   * Puts a STOPPED or FAILED job back into the queue; it goes on from its last checkpoint, or
   * begins anew if it has none.
   *
   * @throws ProblemException if there is no such job, or it has not ended or is COMPLETED
   * @throws spikemlp.contract.network.InvalidConfigurationException if its uploaded data set was
   *     deleted; so do the others
   */
  @Transactional
  void resume(String id) {
    Ended job = locked(id);
    requireInterrupted(id, job, "only one that is STOPPED or FAILED can be resumed");
    job.dataSet().ifPresent(dataSets::hold);
    jdbc.sql(
            """
            update training_jobs set state = 'QUEUED', failure = null, ended_at = null,
              owner = null, takeovers = 0, run_seconds = 0, queued_at = now()
            where id = ?
            """)
        .param(id)
        .update();
    jdbc.sql("delete from job_events where job_id = ? and kind = 'end'").param(id).update();
    events.append(id, Kind.STATE, new StateChange(JobState.QUEUED, null));
  }

  /**
   * Queues a job that tests, exports and registers what a STOPPED or FAILED one had learnt at its
   * last checkpoint. That one stays as it is, and can be resumed.
   *
   * @return the new job's id
   * @throws ProblemException if there is no such job, or it has nothing to export
   */
  @Transactional
  String export(String id, String submitter) {
    Ended job = locked(id);
    requireInterrupted(id, job, "the checkpoint of one that is STOPPED or FAILED can be exported");
    TrainingCheckpoint checkpoint =
        job.checkpoint()
            .filter(kept -> job.kind() == JobKind.TRAIN)
            .orElseThrow(() ->
                new ProblemException(
                    HttpStatus.CONFLICT,
                    "job-without-checkpoint",
                    "job "
                        + id
                        + " ended before its first checkpoint: there is nothing to export"));
    job.dataSet().ifPresent(dataSets::hold);
    String export = insert(id, submitter, JobKind.EXPORT);
    jdbc.sql(
            """
            insert into epoch_metrics
            select ?, epoch, train_loss, train_accuracy, test_accuracy, learning_rate,
              images_per_second, test_loss
            from epoch_metrics where job_id = ?
            """)
        .param(export)
        .param(id)
        .update();
    copy(id, export, checkpoint.file());
    return export;
  }

  /**
   * Queues a job that trains once more what a COMPLETED one trained, and compares the weights.
   *
   * @return the new job's id
   * @throws ProblemException if there is no such job, or its weights' hash was not recorded
   */
  @Transactional
  String reproduce(String id, String submitter) {
    Ended job = locked(id);
    if (job.state() != JobState.COMPLETED
        || job.kind() != JobKind.TRAIN
        || job.weights().isEmpty()) {
      throw new ProblemException(
          HttpStatus.CONFLICT,
          "job-not-reproducible",
          "job %s is %s %s%s; a COMPLETED training whose weights' hash is recorded can be reproduced"
              .formatted(
                  id, job.state(), job.kind(), job.weights().isEmpty() ? " without a hash" : ""));
    }
    job.dataSet().ifPresent(dataSets::hold);
    return insert(id, submitter, JobKind.REPRODUCE);
  }

  private static void requireInterrupted(String id, Ended job, String right) {
    if (!INTERRUPTED.contains(job.state())) {
      throw new ProblemException(
          HttpStatus.CONFLICT,
          "job-not-interrupted",
          "job %s is %s; %s".formatted(id, job.state(), right));
    }
  }

  private Ended locked(String id) {
    return jdbc.sql(
            "select state, kind, checkpoint, weights_sha256, request -> 'dataSet' as data_set"
                + " from training_jobs where id = ? for update")
        .param(id)
        .query((row, n) -> ended(row))
        .optional()
        .orElseThrow(() -> JobStore.unknown(id));
  }

  private Ended ended(ResultSet row) throws SQLException {
    @Nullable String checkpoint = row.getString("checkpoint");
    return new Ended(
        JobState.valueOf(row.getString("state")),
        JobKind.valueOf(row.getString("kind")),
        Optional.ofNullable(checkpoint)
            .map(value -> json.readValue(value, TrainingCheckpoint.class)),
        Optional.ofNullable(row.getString("weights_sha256")),
        Optional.ofNullable(row.getString("data_set"))
            .map(value -> json.readValue(value, DataSetSpec.class)));
  }

  /** A job of its own on what another was prepared with; to export, with its checkpoint too. */
  private String insert(String origin, String submitter, JobKind kind) {
    String id = UUID.randomUUID().toString();
    jdbc.sql(
            """
            insert into training_jobs
              (id, name, request, start_version, state, progress, prepared, checkpoint,
               submitted_by, priority, kind, origin, expected_weights)
            select :id, name, request, start_version, 'QUEUED',
              case when :kind = 'EXPORT' then progress else :none::jsonb end,
              prepared,
              case when :kind = 'EXPORT' then checkpoint end,
              :submitter, priority, :kind, id,
              case when :kind = 'REPRODUCE' then weights_sha256 end
            from training_jobs where id = :origin
            """)
        .param("id", id)
        .param("kind", kind.name())
        .param("none", json.writeValueAsString(JobProgress.NONE))
        .param("submitter", submitter)
        .param("origin", origin)
        .update();
    events.append(id, Kind.STATE, new StateChange(JobState.QUEUED, null));
    return id;
  }

  /** The origin may go on, and delete its checkpoint, as soon as its row is free. */
  private void copy(String from, String to, String file) {
    Path copy = files.directory(to).resolve(file);
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCompletion(int status) {
            if (status != STATUS_COMMITTED) {
              deleteQuietly(to);
            }
          }
        });
    try {
      Files.createDirectories(copy.getParent());
      Files.copy(files.directory(from).resolve(file), copy);
    } catch (NoSuchFileException e) {
      throw new ProblemException(
          HttpStatus.CONFLICT,
          "job-without-checkpoint",
          "the checkpoint of job " + from + " is not on this machine; resume the job instead");
    } catch (IOException e) {
      throw new UncheckedIOException("the checkpoint of job " + from + " could not be copied", e);
    }
  }

  private void deleteQuietly(String job) {
    try {
      files.delete(job);
    } catch (IOException e) {
      // The sweep deletes it.
    }
  }
}
