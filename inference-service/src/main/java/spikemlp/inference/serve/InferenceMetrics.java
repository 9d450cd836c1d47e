package spikemlp.inference.serve;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import spikemlp.contract.registry.ModelReference;
import spikemlp.inference.engine.ComputePool;
import spikemlp.inference.engine.Lease;
import spikemlp.inference.engine.LoadedModels;

/**
 * The meters {@code spikemlp_inference_*}, in base units: seconds and joules. Labels are bounded:
 * the versions used last have meters, and older ones lose theirs. Thread-safe.
 */
public final class InferenceMetrics {

  private static final int VERSIONS = 64;

  private final MeterRegistry meters;
  private final Map<String, VersionStatistics> versions = new LinkedHashMap<>(16, 0.75f, true);

  InferenceMetrics(
      MeterRegistry meters, ComputePool pool, LoadedModels loaded, RequestMemory memory) {
    this.meters = meters;
    Gauge.builder("spikemlp.inference.requests.in.hand", loaded, LoadedModels::inHand)
        .description("Requests that wait, load or compute")
        .register(meters);
    Gauge.builder("spikemlp.inference.queued", pool, ComputePool::queued)
        .description("Parts of requests that wait for their turn to compute")
        .register(meters);
    Gauge.builder("spikemlp.inference.sessions", loaded, LoadedModels::openSessions)
        .description("Model sessions that hold native memory")
        .register(meters);
    Gauge.builder("spikemlp.inference.request.memory", memory, RequestMemory::taken)
        .description("Memory that requests in hand hold for their bodies and images")
        .baseUnit("bytes")
        .register(meters);
  }

  VersionStatistics statistics(Lease lease) {
    synchronized (versions) {
      VersionStatistics statistics = versions.get(lease.version().label());
      if (statistics == null) {
        if (versions.size() >= VERSIONS) {
          var eldest = versions.entrySet().iterator();
          eldest.next().getValue().remove();
          eldest.remove();
        }
        statistics = new VersionStatistics(meters, lease);
        versions.put(lease.version().label(), statistics);
      }
      statistics.session(lease.runs());
      return statistics;
    }
  }

  /** The statistics of a model's versions, or of all models'. */
  public List<VersionStatistics> statistics(Optional<String> model) {
    synchronized (versions) {
      Collection<VersionStatistics> all = versions.values();
      return all.stream()
          .filter(one -> model.isEmpty() || model.get().equals(one.model()))
          .toList();
    }
  }

  /** A request that was refused or failed, by its problem's code. */
  public void refused(String code) {
    Counter.builder("spikemlp.inference.refused")
        .description("Requests without an answer")
        .tag("code", code)
        .register(meters)
        .increment();
  }

  void shadowed(ModelReference shadow, Shadows.Outcome outcome) {
    Counter.builder("spikemlp.inference.shadow")
        .description("Requests mirrored to a shadow, by whether it named the same classes")
        .tag("model", shadow.name())
        .tag("version", String.valueOf(shadow.version()))
        .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
        .register(meters)
        .increment();
  }
}
