package spikemlp.inference.engine;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a model answers to a batch. Row {@code b} is sample {@code b}'s own, whatever else was in
 * the batch.
 *
 * @param logits {@code [B][K]}, finite
 * @param spikes {@code [B][L]}, spikes per neuron layer summed over T
 * @param windows {@code [B][Q]}, spikes weighted by the windows they lie in; {@code [B][0]} if the
 *     network has none
 */
public record Outputs(float[][] logits, long[][] spikes, long[][] windows) {

  /** B. */
  public int batch() {
    return logits.length;
  }

  /** Samples {@code from} to before {@code to}. */
  Outputs rows(int from, int to) {
    return from == 0 && to == logits.length
        ? this
        : new Outputs(
            Arrays.copyOfRange(logits, from, to),
            Arrays.copyOfRange(spikes, from, to),
            Arrays.copyOfRange(windows, from, to));
  }

  /** One after the other. */
  static Outputs concatenated(List<Outputs> parts) {
    return parts.size() == 1
        ? parts.getFirst()
        : new Outputs(
            parts.stream().flatMap(part -> Stream.of(part.logits)).toArray(float[][]::new),
            parts.stream().flatMap(part -> Stream.of(part.spikes)).toArray(long[][]::new),
            parts.stream().flatMap(part -> Stream.of(part.windows)).toArray(long[][]::new));
  }
}
