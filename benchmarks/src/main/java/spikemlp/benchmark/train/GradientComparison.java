package spikemlp.benchmark.train;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import spikemlp.checkpoint.Safetensors;
import spikemlp.checkpoint.SafetensorsFile;

/**
 * Two workers' answers to {@link Request.Gradients} on the same network and batch.
 *
 * @param error the largest of the errors ‖a − b‖ / ‖b‖ of logits, loss and every gradient, a ours
 *     and b the peer's; where b is zero, ‖a‖
 * @param worst whose it is
 * @param differingSpikes Σ |difference| of the spike counts per sample, by neuron layer; layers
 *     without a difference left out
 */
record GradientComparison(double error, String worst, Map<String, Long> differingSpikes) {

  GradientComparison {
    differingSpikes = Collections.unmodifiableMap(new LinkedHashMap<>(differingSpikes));
  }

  /**
   * Compares two files.
   *
   * @throws WorkerException if they do not hold the same tensors
   */
  static GradientComparison of(Path ours, Path peers) {
    SafetensorsFile a = Safetensors.read(ours);
    SafetensorsFile b = Safetensors.read(peers);
    if (!a.tensors().keySet().equals(b.tensors().keySet())) {
      throw new WorkerException(
          "the core answered with "
              + a.tensors().keySet()
              + ", the peer with "
              + b.tensors().keySet());
    }
    double error = 0;
    String worst = "none";
    Map<String, Long> spikes = new LinkedHashMap<>();
    for (String name : a.tensors().keySet()) {
      if (name.startsWith("spikes/")) {
        long differing = differing(a.longs(name).values(), b.longs(name).values());
        if (differing > 0) {
          spikes.put(name.substring("spikes/".length()), differing);
        }
      } else {
        double here = error(a.doubles(name).values(), b.doubles(name).values());
        if (!(here <= error)) {
          error = here;
          worst = name;
        }
      }
    }
    return new GradientComparison(error, worst, spikes);
  }

  private static long differing(long[] a, long[] b) {
    long sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs(a[i] - b[i]);
    }
    return sum;
  }

  private static double error(double[] a, double[] b) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < b.length; i++) {
      difference += (a[i] - b[i]) * (a[i] - b[i]);
      norm += b[i] * b[i];
    }
    return norm == 0 ? Math.sqrt(difference) : Math.sqrt(difference / norm);
  }

  /** All differing spikes. */
  long spikesDiffering() {
    return differingSpikes.values().stream().mapToLong(Long::longValue).sum();
  }
}
