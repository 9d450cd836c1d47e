package spikemlp.neurobench;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import spikemlp.checkpoint.WeightTensor;
import spikemlp.contract.card.ProductShape;
import spikemlp.contract.image.ImagePreparation;
import spikemlp.contract.image.InputSpec;
import spikemlp.data.ImageDataSet;
import spikemlp.data.StopRequest;
import spikemlp.kernel.Workers;
import spikemlp.layer.NeuronActivity;
import spikemlp.network.SpikingMlp;

/**
 * Measures {@link NeuroBenchMetrics} by running a network in inference, as NeuroBench's harness
 * defines them (Yik et al., arXiv 2304.04640). Mutable: adds up samples. Not thread-safe.
 */
public final class NeuroBench {

  private static final int MOST_IMAGES = 256;

  /** Neurons times steps, about a minute of a core. */
  private static final double MOST_WORK = 2e9;

  private final SpikingMlp network;
  private final Map<String, WeightTensor> weights;
  private final EffectiveOperations operations;
  private int samples;
  private long spikes;
  private long macs;
  private long acs;
  private long membraneUpdates;

  /**
   * @throws IllegalArgumentException if the network's weights cannot be folded
   */
  public NeuroBench(SpikingMlp network) {
    this.network = network;
    this.weights = network.foldedWeights();
    this.operations = new EffectiveOperations(network.config(), weights);
  }

  /**
   * Measures on images spread evenly over a set: at most 256, fewer where the network is so large
   * that it would take minutes.
   *
   * @throws IllegalArgumentException if there are no images
   */
  public static NeuroBenchMetrics of(SpikingMlp network, ImageDataSet test, InputSpec input) {
    return of(network, test, input, StopRequest.NEVER);
  }

  /**
   * The same, given up when asked.
   *
   * @throws java.util.concurrent.CancellationException if it was
   */
  public static NeuroBenchMetrics of(
      SpikingMlp network, ImageDataSet test, InputSpec input, StopRequest stop) {
    double work = (double) network.topology().neuronCount() * network.config().timeSteps();
    ImageDataSet images = test.spread((int) Math.clamp(MOST_WORK / work, 1, MOST_IMAGES));
    int batchSize = Workers.ALL.threads();
    NeuroBench bench = new NeuroBench(network);
    ImagePreparation preparation = new ImagePreparation(input);
    byte[] rgb = new byte[preparation.length()];
    for (int from = 0; from < images.size(); from += batchSize) {
      stop.check();
      int batch = Math.min(batchSize, images.size() - from);
      float[] inputs = new float[batch * preparation.length()];
      for (int b = 0; b < batch; b++) {
        images.pixels(from + b, rgb, 0);
        preparation.normalise(rgb, 0, inputs, b * preparation.length());
      }
      bench.add(inputs, batch);
    }
    return bench.metrics();
  }

  /**
   * Runs the network on images.
   *
   * @param images {@code [B, 3, H, W]}, normalised
   * @param batch B
   * @throws IllegalArgumentException as {@link SpikingMlp#infer} does
   */
  public void add(float[] images, int batch) {
    List<List<NeuronActivity>> activity = network.activity(images, batch);
    int size = images.length / batch;
    for (int b = 0; b < batch; b++) {
      macs += operations.macs(Arrays.copyOfRange(images, b * size, (b + 1) * size));
      acs += operations.acs(activity.get(b));
      for (NeuronActivity layer : activity.get(b)) {
        spikes += layer.fired();
        membraneUpdates += layer.membraneUpdates();
      }
      samples++;
    }
  }

  /**
   * The metrics of the images so far.
   *
   * @throws IllegalArgumentException if there were none
   */
  public NeuroBenchMetrics metrics() {
    if (samples == 0) {
      throw new IllegalArgumentException("there are no images to measure NeuroBench's metrics on");
    }
    int steps = network.config().timeSteps();
    double chances = (double) samples * steps * network.topology().neuronCount();
    double dense =
        (double) steps * network.topology().denseAdditionsPerStep()
            + network.topology().firstLayerMacs();
    return new NeuroBenchMetrics(
        samples,
        Float.BYTES * weights.values().stream().mapToLong(WeightTensor::size).sum(),
        Float.BYTES * learntNumbers(),
        connectionSparsity(),
        1 - spikes / chances,
        new NeuroBenchMetrics.SynapticOperations(
            dense, (double) macs / samples, (double) acs / samples),
        (double) membraneUpdates / samples);
  }

  private long learntNumbers() {
    return ProductShape.of(network.config()).stream()
        .mapToLong(shape -> shape.parameters() + shape.statistics())
        .sum();
  }

  private double connectionSparsity() {
    long all = 0;
    long zeros = 0;
    for (Map.Entry<String, WeightTensor> entry : weights.entrySet()) {
      if (entry.getKey().endsWith(".weight")) {
        all += entry.getValue().size();
        for (float weight : entry.getValue().values()) {
          zeros += weight == 0 ? 1 : 0;
        }
      }
    }
    return (double) zeros / all;
  }
}
