package spikemlp.benchmark.train;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import spikemlp.checkpoint.DoubleTensor;
import spikemlp.checkpoint.LongTensor;
import spikemlp.checkpoint.Safetensors;
import spikemlp.checkpoint.SafetensorsFile;
import spikemlp.checkpoint.StoredTensor;
import spikemlp.checkpoint.WeightTensor;
import spikemlp.contract.network.Loss;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.kernel.Precision;
import spikemlp.kernel.Workers;
import spikemlp.network.Backpropagation;
import spikemlp.network.Objective;
import spikemlp.network.SpikingMlp;
import spikemlp.network.TrainingSpikes;

/** The core under measurement. Its threads are set when its process starts. */
final class CorePeer implements TrainingPeer {

  private Optional<Loaded> loaded = Optional.empty();

  /** A network and its batch; the training buffers are made when a step first needs them. */
  private static final class Loaded implements AutoCloseable {
    private final SpikingMlp network;
    private final Objective objective;
    private final Batch batch;
    private Optional<Backpropagation> pass = Optional.empty();

    Loaded(SpikingMlp network, Batch batch) {
      this.network = network;
      this.objective = new Objective(Loss.MEAN, 0, network.config().threshold());
      this.batch = batch;
    }

    Backpropagation pass() {
      if (pass.isEmpty()) {
        pass = Optional.of(new Backpropagation(network, batch.size()));
        pass.orElseThrow().images().setAll(batch.images(), 0);
      }
      return pass.orElseThrow();
    }

    @Override
    public void close() {
      pass.ifPresent(Backpropagation::close);
      network.close();
    }
  }

  @Override
  public String version() {
    return "SpikeMLP, Java " + Runtime.version();
  }

  @Override
  public List<String> settings() {
    return List.of("as shipped");
  }

  @Override
  public void load(Request.Load load) {
    close();
    if (load.threads() != Workers.ALL.threads()) {
      throw new IllegalArgumentException(
          "this process computes with "
              + Workers.ALL.threads()
              + " threads, not "
              + load.threads()
              + "; start it with -Dspikemlp.threads="
              + load.threads());
    }
    NetworkConfig config = load.network();
    Precision precision =
        switch (load.format()) {
          case SINGLE -> Precision.SINGLE;
          case DOUBLE -> Precision.DOUBLE;
        };
    Batch batch = Batch.read(Path.of(load.batch()));
    SpikingMlp network = SpikingMlp.create(config, 0, precision);
    network.load(weights(Path.of(load.weights())));
    loaded = Optional.of(new Loaded(network, batch));
  }

  private static Map<String, WeightTensor> weights(Path path) {
    SafetensorsFile file = Safetensors.read(path);
    Map<String, WeightTensor> weights = new LinkedHashMap<>();
    file.tensors().keySet().forEach(name -> weights.put(name, file.floats(name)));
    return weights;
  }

  private Loaded loaded() {
    return loaded.orElseThrow(() -> new IllegalStateException("nothing is loaded"));
  }

  @Override
  public void gradients(Path file) {
    Loaded now = loaded();
    Backpropagation pass = now.pass();
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    double[][][] logits = pass.forward();
    tensors.put("logits", stepsFirst(logits));
    Objective.Result result = now.objective.evaluate(logits, now.batch.labels());
    tensors.put("loss", new DoubleTensor(new int[] {1}, new double[] {result.loss()}));
    pass.backward(result.dLogits());
    pass.gradients()
        .forEach((name, gradient) -> {
          int[] shape = now.network.parameters().named(name).shape().clone();
          tensors.put("grad/" + name, new DoubleTensor(shape, gradient));
        });
    TrainingSpikes.count(now.network, now.batch.images(), now.batch.size())
        .forEach((name, counts) ->
            tensors.put("spikes/" + name, new LongTensor(new int[] {counts.length}, counts)));
    Safetensors.write(file, Map.of(), tensors);
  }

  /** {@code [B][T][K]} as {@code [T, B, K]}. */
  private static DoubleTensor stepsFirst(double[][][] logits) {
    int steps = logits[0].length;
    int classes = logits[0][0].length;
    double[] values = new double[steps * logits.length * classes];
    int at = 0;
    for (int t = 0; t < steps; t++) {
      for (double[][] sample : logits) {
        System.arraycopy(sample[t], 0, values, at, classes);
        at += classes;
      }
    }
    return new DoubleTensor(new int[] {steps, logits.length, classes}, values);
  }

  @Override
  public void train() {
    Loaded now = loaded();
    Backpropagation pass = now.pass();
    double[][][] logits = pass.forward();
    pass.backward(now.objective.evaluate(logits, now.batch.labels()).dLogits());
    pass.descend(LEARNING_RATE, MOMENTUM, 0);
  }

  @Override
  public void evaluate() {
    Loaded now = loaded();
    now.network.infer(now.batch.images(), now.batch.size());
  }

  @Override
  public void close() {
    loaded.ifPresent(Loaded::close);
    loaded = Optional.empty();
  }
}
