package spikemlp.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import spikemlp.contract.card.NeuronLayer;
import spikemlp.contract.card.Topology;
import spikemlp.contract.energy.SpikeActivity;
import spikemlp.contract.image.ImagePreparation;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.network.Loss;
import spikemlp.data.ImageDataSet;
import spikemlp.data.StopRequest;
import spikemlp.network.Objective;
import spikemlp.network.SpikingMlp;

/**
 * How a network does on images it was not trained on, in inference mode.
 *
 * @param images how many
 * @param accuracy in [0, 1]
 * @param loss mean cross-entropy of the averaged logits
 * @param firingRates spikes per neuron and step by neuron layer, in [0, 1], in the network's order
 * @param activity a sample's spikes and operations, averaged
 */
public record Evaluation(
    int images,
    double accuracy,
    double loss,
    Map<String, Double> firingRates,
    SpikeActivity activity) {

  public Evaluation {
    firingRates = Collections.unmodifiableMap(new LinkedHashMap<>(firingRates));
  }

  /**
   * Evaluates on all images.
   *
   * @param batchSize how many images are prepared at once; the result does not depend on it
   * @throws IllegalArgumentException if there are no images
   */
  public static Evaluation of(
      SpikingMlp network, ImageDataSet test, InputSpec input, int batchSize) {
    return of(network, test, input, batchSize, StopRequest.NEVER);
  }

  /**
   * Evaluates on all images, unless asked to stop.
   *
   * @throws java.util.concurrent.CancellationException if asked
   */
  public static Evaluation of(
      SpikingMlp network, ImageDataSet test, InputSpec input, int batchSize, StopRequest stop) {
    if (test.size() == 0) {
      throw new IllegalArgumentException("there are no images to evaluate on");
    }
    Tally tally = new Tally(network);
    ImagePreparation preparation = new ImagePreparation(input);
    byte[] rgb = new byte[preparation.length()];
    for (int from = 0; from < test.size(); from += batchSize) {
      stop.check();
      int batch = Math.min(batchSize, test.size() - from);
      float[] inputs = new float[batch * preparation.length()];
      int[] labels = new int[batch];
      for (int b = 0; b < batch; b++) {
        test.pixels(from + b, rgb, 0);
        preparation.normalise(rgb, 0, inputs, b * preparation.length());
        labels[b] = test.label(from + b);
      }
      tally.add(network.infer(inputs, batch), labels);
    }
    return tally.result(test.size());
  }

  /** Sums over the images seen so far. */
  private static final class Tally {
    private final Topology topology;
    private final int timeSteps;
    private final Objective objective;
    private final long[] spikes;
    private final long[] windows;
    private double loss;
    private int correct;

    Tally(SpikingMlp network) {
      this.topology = network.topology();
      this.timeSteps = network.config().timeSteps();
      this.objective = new Objective(Loss.MEAN, 0, network.config().threshold());
      this.spikes = new long[topology.neurons().size()];
      this.windows = new long[topology.windows().size()];
    }

    void add(SpikingMlp.Outputs outputs, int[] labels) {
      for (int b = 0; b < labels.length; b++) {
        double[][][] logits = {{widened(outputs.logits()[b])}};
        Objective.Result result = objective.evaluate(logits, new int[] {labels[b]});
        loss += result.loss();
        correct += result.correct();
        add(outputs.spikes()[b], spikes);
        add(outputs.windows()[b], windows);
      }
    }

    private static void add(long[] counts, long[] to) {
      for (int i = 0; i < to.length; i++) {
        to[i] += counts[i];
      }
    }

    private static double[] widened(float[] values) {
      double[] widened = new double[values.length];
      for (int i = 0; i < values.length; i++) {
        widened[i] = values[i];
      }
      return widened;
    }

    Evaluation result(int images) {
      Map<String, Double> rates = new LinkedHashMap<>();
      for (int layer = 0; layer < spikes.length; layer++) {
        NeuronLayer neurons = topology.neurons().get(layer);
        double chances = (double) images * timeSteps * neurons.neurons();
        rates.put(neurons.name(), spikes[layer] / chances);
      }
      return new Evaluation(
          images,
          (double) correct / images,
          loss / images,
          rates,
          SpikeActivity.mean(topology, timeSteps, spikes, windows, images));
    }
  }
}
