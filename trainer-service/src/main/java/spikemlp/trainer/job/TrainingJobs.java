package spikemlp.trainer.job;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import spikemlp.contract.card.NeuronLayer;
import spikemlp.contract.card.Topology;
import spikemlp.contract.energy.EnergyModel;
import spikemlp.contract.job.JobState;
import spikemlp.contract.job.TrainingJobRequest;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.study.RunResults;
import spikemlp.network.SpikingMlp;
import tools.jackson.databind.json.JsonMapper;

/** The trainer's jobs for what is made of them: planned, queued, stopped, and what they came to. */
@Component
public class TrainingJobs {

  /**
   * A job that can be done.
   *
   * @param network what it trains
   * @param labels the classes' names
   * @param start the version that it starts from, pinned
   */
  public record Plan(
      TrainingJobRequest request,
      NetworkConfig network,
      List<String> labels,
      Optional<StartVersion> start) {

    public Plan {
      labels = List.copyOf(labels);
    }

    /** The same for a request that differs in its seed alone. */
    public Plan with(TrainingJobRequest other) {
      return new Plan(other, network, labels, start);
    }
  }

  /**
   * Where a job stands.
   *
   * @param results once it has COMPLETED
   */
  public record Outcome(
      JobState state,
      Optional<String> failure,
      Optional<Integer> version,
      Optional<RunResults> results,
      Optional<Instant> endedAt) {}

  private final JobPlanner planner;
  private final JobStore store;
  private final JdbcClient jdbc;
  private final JsonMapper json;

  TrainingJobs(JobPlanner planner, JobStore store, JdbcClient jdbc, JsonMapper json) {
    this.planner = planner;
    this.store = store;
    this.jdbc = jdbc;
    this.json = json;
  }

  /**
   * Plans a job as one that is submitted by itself.
   *
   * @throws spikemlp.contract.network.InvalidConfigurationException naming every wrong value
   */
  public Plan plan(TrainingJobRequest request) {
    JobPlanner.Planned planned = planner.plan(request);
    return new Plan(request, planned.network(), planned.source().labels(), planned.start());
  }

  /** Queues a job, in the running transaction if there is one. */
  @Transactional
  public void submit(String id, Plan plan, String submitter) {
    store.submit(id, plan.request(), plan.start(), submitter, null);
  }

  /** Asks a job to stop; one that has ended stays as it is. */
  @Transactional
  public void stop(String id) {
    store.stop(id);
  }

  /** Where the jobs of these ids stand. */
  public Map<String, Outcome> outcomes(Collection<String> ids) {
    Map<String, Outcome> outcomes = new HashMap<>();
    if (!ids.isEmpty()) {
      jdbc.sql("select * from training_jobs where id in (:ids)")
          .param("ids", ids)
          .query(row -> {
            outcomes.put(row.getString("id"), outcome(row));
          });
    }
    return outcomes;
  }

  private Outcome outcome(ResultSet row) throws SQLException {
    JobState state = JobState.valueOf(row.getString("state"));
    return new Outcome(
        state,
        Optional.ofNullable(row.getString("failure")),
        Optional.ofNullable(row.getObject("version", Integer.class)),
        state == JobState.COMPLETED ? results(row) : Optional.empty(),
        Optional.ofNullable(row.getObject("ended_at", OffsetDateTime.class))
            .map(OffsetDateTime::toInstant));
  }

  private Optional<RunResults> results(ResultSet row) throws SQLException {
    String prepared = row.getString("prepared");
    @Nullable String tested = row.getString("results");
    if (prepared == null || tested == null) {
      return Optional.empty();
    }
    PreparedJob job = json.readValue(prepared, PreparedJob.class);
    TestResults results = json.readValue(tested, TestResults.class);
    long steps = imageSteps(job);
    return Optional.of(
        new RunResults(
            results.accuracy(),
            EnergyModel.HOROWITZ_45NM.picojoules(results.operations()),
            meanRate(job.network(), results.firingRates()),
            (double) results.operations().synapticAdditions(),
            steps,
            steps,
            SpikingMlp.parameterCount(job.network()),
            json.readValue(row.getString("seconds_by_step"), JobStore.NUMBERS)
                .getOrDefault("train", 0.0)));
  }

  /** Images × T; an epoch leaves out a last batch of one image. */
  private static long imageSteps(PreparedJob job) {
    long images = job.trainImages();
    boolean oneIsLeftOut = images > 1 && images % job.plan().batchSize() == 1;
    long perEpoch = oneIsLeftOut ? images - 1 : images;
    return perEpoch * job.plan().epochs() * job.network().timeSteps();
  }

  /** Σ rate · neurons / Σ neurons over the layers. */
  private static double meanRate(NetworkConfig network, Map<String, Double> rates) {
    Topology topology = Topology.of(network);
    double spikes = 0;
    for (NeuronLayer layer : topology.neurons()) {
      spikes += rates.getOrDefault(layer.name(), 0.0) * layer.neurons();
    }
    return spikes / topology.neuronCount();
  }
}
