package spikemlp.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * How the core compares with a golden vector. Errors are relative, ‖a − b‖ / ‖b‖; where the
 * reference is zero, ‖a − b‖ itself.
 *
 * @param name the file
 * @param tolerance no error may exceed it
 * @param logits of the first step's logits per time step
 * @param losses of each step's loss
 * @param gradients of the first step's gradients, by name
 * @param after of the parameters and running statistics after the last step, by name
 * @param evaluationLogits of the logits per time step in inference mode
 * @param differingSpikes Σ |difference| of the spikes per sample, by neuron layer
 */
public record GoldenVectorReport(
    String name,
    double tolerance,
    double logits,
    Map<String, Double> losses,
    Map<String, Double> gradients,
    Map<String, Double> after,
    double evaluationLogits,
    Map<String, Long> differingSpikes) {

  public GoldenVectorReport {
    losses = Collections.unmodifiableMap(new LinkedHashMap<>(losses));
    gradients = Collections.unmodifiableMap(new LinkedHashMap<>(gradients));
    after = Collections.unmodifiableMap(new LinkedHashMap<>(after));
    differingSpikes = Collections.unmodifiableMap(new LinkedHashMap<>(differingSpikes));
  }

  /** All differing spikes. */
  public long spikesDiffering() {
    return differingSpikes.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The largest error. */
  public double worst() {
    return DoubleStream.concat(
            DoubleStream.of(logits, evaluationLogits),
            Stream.of(losses, gradients, after)
                .flatMap(errors -> errors.values().stream())
                .mapToDouble(Double::doubleValue))
        .reduce(0, (a, b) -> a <= b ? b : b <= a ? a : Double.NaN);
  }

  /** No error above the tolerance, and every spike count the same. */
  public boolean passed() {
    return worst() <= tolerance && spikesDiffering() == 0;
  }
}
