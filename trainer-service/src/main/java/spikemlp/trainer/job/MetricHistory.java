package spikemlp.trainer.job;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import spikemlp.contract.job.EpochMetrics;
import spikemlp.contract.job.StepMetrics;

/** The metrics of jobs by epoch and by training step. */
@Component
class MetricHistory {

  private final JdbcClient jdbc;

  MetricHistory(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * A point of the series by step, as a segment adds it.
   *
   * @param continued the step of the point whose mini-batches this one holds too: the segment had
   *     been broken off there
   */
  record StepPoint(StepMetrics metrics, OptionalLong continued) {}

  /**
   * Adds a point in the running transaction, which must hold the job: the one that moves its
   * checkpoint, so that a job that goes on from there has neither a gap nor a point twice.
   */
  void append(String job, StepPoint added) {
    added
        .continued()
        .ifPresent(step ->
            jdbc.sql("delete from step_metrics where job_id = ? and step = ?")
                .param(job)
                .param(step)
                .update());
    StepMetrics point = added.metrics();
    jdbc.sql("insert into step_metrics values (?, ?, ?, ?, ?, ?, ?)")
        .param(job)
        .param(point.step())
        .param(point.epoch())
        .param(point.trainLoss())
        .param(point.trainAccuracy())
        .param(point.learningRate())
        .param(point.imagesPerSecond())
        .update();
  }

  /** A job's metrics by training step. */
  List<StepMetrics> steps(String job) {
    return jdbc.sql("select * from step_metrics where job_id = ? order by step")
        .param(job)
        .query((row, n) ->
            new StepMetrics(
                row.getLong("step"),
                row.getInt("epoch"),
                row.getDouble("train_loss"),
                row.getDouble("train_accuracy"),
                row.getDouble("learning_rate"),
                row.getDouble("images_per_second")))
        .list();
  }

  /** A job's metrics by epoch. */
  List<EpochMetrics> epochs(String job) {
    return jdbc.sql("select * from epoch_metrics where job_id = ? order by epoch")
        .param(job)
        .query((row, n) -> epoch(row))
        .list();
  }

  private static EpochMetrics epoch(ResultSet row) throws SQLException {
    return new EpochMetrics(
        row.getInt("epoch"),
        row.getDouble("train_loss"),
        row.getDouble("train_accuracy"),
        row.getDouble("test_accuracy"),
        row.getDouble("learning_rate"),
        row.getDouble("images_per_second"),
        row.getObject("test_loss", Double.class));
  }
}
