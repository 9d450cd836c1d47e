package spikemlp.benchmark.train;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import spikemlp.checkpoint.Safetensors;
import spikemlp.network.SpikingMlp;

/**
 * The files that both workers load: a workload's weights at random initialisation, and batches.
 *
 * @param directory where they are written
 */
record Inputs(Path directory) {

  private static final long SEED = 20_260_101;

  /** What loads a workload. */
  Request.Load load(Workload workload, Request.NumberFormat format, int threads, String settings) {
    Path weights = directory.resolve(workload.name() + ".weights");
    if (!Files.exists(weights)) {
      try (SpikingMlp network = SpikingMlp.create(workload.network(), SEED)) {
        Safetensors.write(weights, Map.of(), network.weights());
      }
    }
    Path batch = directory.resolve(workload.name() + ".batch-" + workload.batch());
    if (!Files.exists(batch)) {
      Batch.random(workload.network(), workload.batch(), SEED).write(batch, workload.network());
    }
    return new Request.Load(
        workload.network(), weights.toString(), batch.toString(), format, threads, settings);
  }
}
