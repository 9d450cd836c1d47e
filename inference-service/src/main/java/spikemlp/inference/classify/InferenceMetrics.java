package spikemlp.inference.classify;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;
import spikemlp.contract.classify.Classification;
import spikemlp.inference.engine.ComputeGate;
import spikemlp.inference.engine.LoadedModels;

/** The meters {@code spikemlp_inference_*}, in base units: seconds and joules. */
@Component
final class InferenceMetrics {

  private static final double JOULES_PER_PICOJOULE = 1e-12;
  private static final double NANOS_PER_MILLI = 1e6;

  private final MeterRegistry meters;

  InferenceMetrics(MeterRegistry meters, ComputeGate gate, LoadedModels loaded) {
    this.meters = meters;
    Gauge.builder("spikemlp.inference.requests.in.hand", gate, ComputeGate::inHand)
        .description("Requests that wait or compute")
        .register(meters);
    Gauge.builder("spikemlp.inference.sessions", loaded, LoadedModels::openSessions)
        .description("Model sessions that hold native memory")
        .register(meters);
  }

  void answered(Classification answer) {
    timer("wait", "From a request's last byte to its turn", answer.model())
        .record((long) (answer.waitMillis() * NANOS_PER_MILLI), TimeUnit.NANOSECONDS);
    timer("compute", "Decoding, preparing and inferring", answer.model())
        .record((long) (answer.computeMillis() * NANOS_PER_MILLI), TimeUnit.NANOSECONDS);
    Counter.builder("spikemlp.inference.spikes")
        .description("Spikes fired")
        .tag("model", answer.model())
        .register(meters)
        .increment((double) answer.energy().spikes());
    Counter.builder("spikemlp.inference.energy.estimated")
        .description("Energy by the model asked for: an estimate from counts, not a measurement")
        .baseUnit("joules")
        .tag("model", answer.model())
        .tag("energy", answer.energy().model().name())
        .register(meters)
        .increment(answer.energy().picojoules() * JOULES_PER_PICOJOULE);
  }

  /** A request that was refused or failed, by its problem's code. */
  void refused(String code) {
    Counter.builder("spikemlp.inference.refused")
        .description("Requests without an answer")
        .tag("code", code)
        .register(meters)
        .increment();
  }

  private Timer timer(String name, String description, String model) {
    return Timer.builder("spikemlp.inference." + name)
        .description(description)
        .tag("model", model)
        .register(meters);
  }
}
