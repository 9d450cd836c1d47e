package spikemlp.inference.serve;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.card.WeightPrecision;
import spikemlp.contract.energy.EnergyEstimator;
import spikemlp.contract.energy.SpikeActivity;
import spikemlp.inference.engine.Computed;
import spikemlp.inference.engine.Lease;
import spikemlp.inference.engine.RunStatistics;
import spikemlp.inference.engine.RunStatistics.Runs;
import spikemlp.inference.model.Route;

/**
 * What one version has done in one precision since the service knows it, and its meters.
 * Thread-safe.
 *
 * <p>Estimators are affine in the counts, so the joules of n samples follow from their summed
 * counts S: n·E(0) + E(S) − E(0), computed when the meters are read.
 */
public final class VersionStatistics {

  private static final double JOULES_PER_PICOJOULE = 1e-12;

  private final MeterRegistry meters;
  private final String model;
  private final int version;
  private final WeightPrecision precision;
  private final ModelCard card;
  private final List<Meter> own = new ArrayList<>();
  private final Map<Ending, Counter> requests = new HashMap<>();
  private final Timer duration;
  private final Timer queue;
  private final Timer compute;
  private final DistributionSummary batch;
  private final Set<RunStatistics> sessions = new HashSet<>();
  private final long[] spikes;
  private final long[] windows;
  private long samples;
  private long lastInferenceMillis;
  private Runs success = new Runs(0, 0);
  private Runs fail = new Runs(0, 0);
  private Runs queued = new Runs(0, 0);
  private Runs computed = new Runs(0, 0);

  /** How requests on a route ended. */
  private record Ending(Route route, String outcome) {}

  /**
   * The sums so far.
   *
   * @param inferences samples answered
   * @param lastInferenceMillis when the last was, ms since the epoch; 0 if never
   * @param success requests answered and the time they took
   * @param fail requests that failed after they had their version
   * @param queue the time the answered waited
   * @param compute the time they computed
   * @param runs runs by their number of samples
   * @param spikes spikes fired
   * @param synapticAdditions additions they caused
   * @param picojoules estimates by estimator's name, pJ
   */
  public record Sums(
      long inferences,
      long lastInferenceMillis,
      Runs success,
      Runs fail,
      Runs queue,
      Runs compute,
      Map<Integer, Runs> runs,
      long spikes,
      long synapticAdditions,
      Map<String, Double> picojoules) {

    public Sums {
      runs = Map.copyOf(runs);
      picojoules = Map.copyOf(picojoules);
    }
  }

  VersionStatistics(MeterRegistry meters, Lease lease) {
    this.meters = meters;
    this.model = lease.version().model();
    this.version = lease.version().version();
    this.precision = lease.version().precision();
    this.card = lease.card();
    this.spikes = new long[card.topology().neurons().size()];
    this.windows = new long[card.topology().windows().size()];
    this.duration = timer("duration", "From a request's last byte to its answer");
    this.queue = timer("queue", "Waiting: for the version to load, for decoders, for a turn");
    this.compute = timer("compute", "Computing, of the runs that a request took part in");
    this.batch =
        DistributionSummary.builder("spikemlp.inference.batch.size")
            .description("Samples of the largest run that a request took part in")
            .tags(tags())
            .register(meters);
    own.add(batch);
    counter("images", "Images answered", it -> (double) it.samples);
    counter("spikes", "Spikes fired", it -> sum(it.spikes));
    counter("synaptic.operations", "Additions that spikes caused", it -> it.additions());
    for (EnergyEstimator estimator : EnergyEstimator.all()) {
      own.add(
          FunctionCounter.builder(
                  "spikemlp.inference.energy.estimated",
                  this,
                  it -> it.picojoules(estimator) * JOULES_PER_PICOJOULE)
              .description("Energy: an estimate from counts, not a measurement")
              .baseUnit("joules")
              .tags(tags().and("energy", estimator.name()))
              .register(meters));
    }
  }

  private Tags tags() {
    return Tags.of(
        "model", model, "version", Integer.toString(version), "precision", precision.label());
  }

  private Timer timer(String name, String description) {
    Timer timer =
        Timer.builder("spikemlp.inference." + name)
            .description(description)
            .tags(tags())
            .register(meters);
    own.add(timer);
    return timer;
  }

  private void counter(String name, String description, ToDoubleFunction<VersionStatistics> value) {
    own.add(
        FunctionCounter.builder("spikemlp.inference." + name, this, value)
            .description(description)
            .tags(tags())
            .register(meters));
  }

  public String model() {
    return model;
  }

  public int version() {
    return version;
  }

  public WeightPrecision precision() {
    return precision;
  }

  synchronized void session(RunStatistics runs) {
    sessions.add(runs);
  }

  void answered(Route route, Computed answer, long waitNanos, long allNanos) {
    duration.record(allNanos, TimeUnit.NANOSECONDS);
    queue.record(waitNanos, TimeUnit.NANOSECONDS);
    compute.record(answer.computeNanos(), TimeUnit.NANOSECONDS);
    batch.record(answer.largestBatch());
    synchronized (this) {
      ended(route, "success");
      add(answer.outputs().spikes(), spikes);
      add(answer.outputs().windows(), windows);
      samples += answer.outputs().batch();
      lastInferenceMillis = System.currentTimeMillis();
      success = success.plus(new Runs(1, allNanos));
      queued = queued.plus(new Runs(1, waitNanos));
      computed = computed.plus(new Runs(1, answer.computeNanos()));
    }
  }

  private static void add(long[][] rows, long[] sums) {
    for (long[] row : rows) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += row[i];
      }
    }
  }

  void failed(Route route, long allNanos) {
    synchronized (this) {
      ended(route, "failure");
      fail = fail.plus(new Runs(1, allNanos));
    }
  }

  private void ended(Route route, String outcome) {
    requests.computeIfAbsent(new Ending(route, outcome), this::requests).increment();
  }

  private Counter requests(Ending ending) {
    Counter counter =
        Counter.builder("spikemlp.inference.requests")
            .description("Requests that had their version")
            .tags(tags().and("route", ending.route.label(), "outcome", ending.outcome))
            .register(meters);
    own.add(counter);
    return counter;
  }

  private static double sum(long[] values) {
    double sum = 0;
    for (long value : values) {
      sum += value;
    }
    return sum;
  }

  private synchronized SpikeActivity activity() {
    return SpikeActivity.recorded(card.topology(), card.network().timeSteps(), spikes, windows);
  }

  private double additions() {
    return activity().counts().synapticAdditions();
  }

  private double picojoules(EnergyEstimator estimator) {
    SpikeActivity all;
    long count;
    synchronized (this) {
      all = activity();
      count = samples;
    }
    SpikeActivity none =
        SpikeActivity.recorded(
            card.topology(),
            card.network().timeSteps(),
            new long[spikes.length],
            new long[windows.length]);
    double idle = estimator.picojoules(card.network(), none);
    return count * idle + estimator.picojoules(card.network(), all) - idle;
  }

  /** The sums now. */
  public synchronized Sums sums() {
    Map<Integer, Runs> runs = new HashMap<>();
    for (RunStatistics session : sessions) {
      session.bySamples().forEach((size, some) -> runs.merge(size, some, Runs::plus));
    }
    Map<String, Double> picojoules = new HashMap<>();
    for (EnergyEstimator estimator : EnergyEstimator.all()) {
      picojoules.put(estimator.name(), picojoules(estimator));
    }
    return new Sums(
        samples,
        lastInferenceMillis,
        success,
        fail,
        queued,
        computed,
        runs,
        (long) sum(spikes),
        activity().counts().synapticAdditions(),
        picojoules);
  }

  /** Takes its meters away. */
  synchronized void remove() {
    own.forEach(meters::remove);
  }
}
