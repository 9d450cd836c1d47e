package spikemlp.benchmark.libtorch;

import static spikemlp.benchmark.libtorch.Native.keep;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import spikemlp.benchmark.train.Batch;
import spikemlp.benchmark.train.Request;
import spikemlp.benchmark.train.TrainingPeer;
import spikemlp.checkpoint.DoubleTensor;
import spikemlp.checkpoint.LongTensor;
import spikemlp.checkpoint.Safetensors;
import spikemlp.checkpoint.SafetensorsFile;
import spikemlp.checkpoint.StoredTensor;
import spikemlp.contract.network.Loss;
import spikemlp.contract.network.NetworkConfig;

/** libtorch under measurement. */
final class LibtorchPeer implements TrainingPeer {

  private Optional<Loaded> loaded = Optional.empty();

  /** A network and its batch. */
  private record Loaded(
      SpikingNetwork network, LossFunction loss, Tensor images, Tensor labels, int batch) {
    void close() {
      network.close();
      images.close();
      labels.close();
    }
  }

  @Override
  public String version() {
    String build = torch.show_config().getString();
    return "libtorch %s (BLAS %s, oneDNN %s, %s)"
        .formatted(
            found("TORCH_VERSION=([^,\\s]+)", build),
            found("BLAS_INFO=([^,\\s]+)", build),
            found("MKL-DNN v([^\\s]+)", build),
            found("CPU capability usage: (\\S+)", build));
  }

  private static String found(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    return matcher.find() ? matcher.group(1) : "unknown";
  }

  @Override
  public List<String> settings() {
    return Settings.all().stream().map(Settings::toString).toList();
  }

  @Override
  public void load(Request.Load load) {
    close();
    torch.set_num_threads(load.threads());
    openblas.blas_set_num_threads(load.threads());
    NetworkConfig config = load.network();
    torch.ScalarType type =
        switch (load.format()) {
          case SINGLE -> torch.ScalarType.Float;
          case DOUBLE -> torch.ScalarType.Double;
        };
    Batch batch = Batch.read(Path.of(load.batch()));
    try (PointerScope _ = new PointerScope()) {
      Tensor images =
          Tensor.create(
                  batch.images(),
                  batch.size(),
                  NetworkConfig.IMAGE_CHANNELS,
                  config.imageHeight(),
                  config.imageWidth())
              .to(type);
      Tensor labels =
          Tensor.create(Arrays.stream(batch.labels()).asLongStream().toArray(), batch.size());
      loaded =
          Optional.of(
              new Loaded(
                  new SpikingNetwork(
                      config,
                      weights(Path.of(load.weights())),
                      type,
                      Settings.named(load.settings())),
                  new LossFunction(Loss.MEAN, 0, config.threshold()),
                  keep(images),
                  keep(labels),
                  batch.size()));
    }
  }

  private static Map<String, DoubleTensor> weights(Path path) {
    SafetensorsFile file = Safetensors.read(path);
    Map<String, DoubleTensor> weights = new LinkedHashMap<>();
    file.tensors().keySet().forEach(name -> weights.put(name, file.doubles(name)));
    return weights;
  }

  private Loaded loaded() {
    return loaded.orElseThrow(() -> new IllegalStateException("nothing is loaded"));
  }

  @Override
  public void gradients(Path file) {
    Loaded now = loaded();
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    try (PointerScope _ = new PointerScope()) {
      now.network().weights().zeroGradients();
      Tensor logits = now.network().forward(now.images(), true);
      int[] shape = {(int) logits.size(0), (int) logits.size(1), (int) logits.size(2)};
      tensors.put("logits", new DoubleTensor(shape, Weights.doubles(logits)));
      now.network()
          .spikes(now.batch())
          .forEach((name, counts) ->
              tensors.put("spikes/" + name, new LongTensor(new int[] {now.batch()}, counts)));
      Tensor loss = now.network().backward(now.labels(), now.loss());
      tensors.put("loss", new DoubleTensor(new int[] {1}, Weights.doubles(loss)));
      now.network()
          .weights()
          .gradients()
          .forEach((name, gradient) -> tensors.put("grad/" + name, gradient));
    }
    Safetensors.write(file, Map.of(), tensors);
  }

  @Override
  public void train() {
    Loaded now = loaded();
    try (PointerScope _ = new PointerScope()) {
      now.network().weights().zeroGradients();
      now.network().forward(now.images(), true);
      now.network().backward(now.labels(), now.loss());
      now.network().weights().descend(LEARNING_RATE, MOMENTUM, 0);
    }
  }

  @Override
  public void evaluate() {
    Loaded now = loaded();
    try (PointerScope _ = new PointerScope()) {
      now.network().forward(now.images(), false);
    }
  }

  @Override
  public void close() {
    loaded.ifPresent(Loaded::close);
    loaded = Optional.empty();
  }
}
