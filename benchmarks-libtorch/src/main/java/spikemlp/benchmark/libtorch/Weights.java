package spikemlp.benchmark.libtorch;

import static spikemlp.benchmark.libtorch.Native.keep;

import java.nio.DoubleBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import spikemlp.checkpoint.DoubleTensor;
import spikemlp.checkpoint.StoredTensor;

/**
 * The network's weights and running statistics by canonical name, and SGD on them. Weights that one
 * product reads are one tensor, their names parts of it along axis 0. Owns them: close it.
 */
final class Weights implements AutoCloseable {

  private final Map<String, DoubleTensor> source;
  private final torch.ScalarType type;
  private final Map<String, Part> parts = new LinkedHashMap<>();
  private final List<Tensor> leaves = new ArrayList<>();
  private final List<Tensor> momenta = new ArrayList<>();
  private final List<Tensor> statistics = new ArrayList<>();

  /** A named tensor: rows {@code from} to {@code from + length} of {@code whole}. */
  private record Part(Tensor whole, boolean trainable, long from, long length) {
    Tensor of(Tensor tensor) {
      return tensor.narrow(0, from, length);
    }
  }

  /**
   * @param source every weight and running statistic
   * @param type the precision
   */
  Weights(Map<String, DoubleTensor> source, torch.ScalarType type) {
    this.source = source;
    this.type = type;
  }

  /** Learnt numbers, which may be several names' along axis 0. */
  Tensor leaf(List<String> names, long... shape) {
    Tensor leaf = keep(read(names, shape).set_requires_grad(true));
    leaves.add(leaf);
    register(names, leaf, true);
    return leaf;
  }

  /** Running statistics, which may be several names'. */
  Tensor statistic(List<String> names, long features) {
    Tensor statistic = keep(read(names, features));
    statistics.add(statistic);
    register(names, statistic, false);
    return statistic;
  }

  private Tensor read(List<String> names, long... shape) {
    int size = 0;
    for (String name : names) {
      size += source(name).size();
    }
    double[] values = new double[size];
    int at = 0;
    for (String name : names) {
      DoubleTensor tensor = source(name);
      System.arraycopy(tensor.values(), 0, values, at, tensor.size());
      at += tensor.size();
    }
    StoredTensor.requireSize(Arrays.stream(shape).mapToInt(Math::toIntExact).toArray(), size);
    return Tensor.create(values, shape).to(type);
  }

  private DoubleTensor source(String name) {
    DoubleTensor tensor = source.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("the weights lack '" + name + "'");
    }
    return tensor;
  }

  private void register(List<String> names, Tensor whole, boolean trainable) {
    long from = 0;
    for (String name : names) {
      int[] shape = source(name).shape();
      parts.put(name, new Part(whole, trainable, from, shape[0]));
      from += shape[0];
    }
  }

  /**
   * Refuses weights that no layer has read.
   *
   * @throws IllegalArgumentException naming them
   */
  void requireAllRead() {
    Set<String> unread = new TreeSet<>(source.keySet());
    unread.removeAll(parts.keySet());
    if (!unread.isEmpty()) {
      throw new IllegalArgumentException("the network has no weights named " + unread);
    }
  }

  /** Forgets the gradients. */
  void zeroGradients() {
    leaves.forEach(leaf -> leaf.mutable_grad().reset());
  }

  /** m = μ·m + (∇ + λ·w), w = w − η·m, in place. */
  void descend(double learningRate, double momentum, double weightDecay) {
    try (PointerScope _ = new PointerScope()) {
      Scalar mu = new Scalar(momentum);
      Scalar rate = new Scalar(-learningRate);
      Scalar decay = new Scalar(weightDecay);
      for (int i = 0; i < leaves.size(); i++) {
        if (momenta.size() <= i) {
          momenta.add(keep(torch.zeros_like(leaves.get(i))));
        }
        Tensor gradient = leaves.get(i).grad();
        if (weightDecay != 0) {
          gradient.add_(leaves.get(i), decay);
        }
        momenta.get(i).mul_(mu).add_(gradient);
        leaves.get(i).add_(momenta.get(i), rate);
      }
    }
  }

  /** Copies of the gradients by canonical name. */
  Map<String, DoubleTensor> gradients() {
    Map<String, DoubleTensor> copies = new LinkedHashMap<>();
    try (PointerScope _ = new PointerScope()) {
      parts.forEach((name, part) -> {
        if (part.trainable()) {
          copies.put(name, copy(name, part.of(part.whole().grad())));
        }
      });
    }
    return copies;
  }

  /** Copies of the weights and running statistics by canonical name. */
  Map<String, DoubleTensor> values() {
    Map<String, DoubleTensor> copies = new LinkedHashMap<>();
    try (PointerScope _ = new PointerScope()) {
      parts.forEach((name, part) -> copies.put(name, copy(name, part.of(part.whole()))));
    }
    return copies;
  }

  private DoubleTensor copy(String name, Tensor tensor) {
    return new DoubleTensor(source(name).shape(), doubles(tensor));
  }

  /** A tensor's numbers in row-major order. */
  static double[] doubles(Tensor tensor) {
    try (PointerScope _ = new PointerScope()) {
      Tensor plain = tensor.detach().to(torch.ScalarType.Double).contiguous();
      double[] values = new double[Math.toIntExact(plain.numel())];
      DoubleBuffer buffer = plain.createBuffer();
      buffer.get(values);
      return values;
    }
  }

  /** Numbers as a tensor of a precision. */
  static Tensor tensor(float[] values, torch.ScalarType type, long... shape) {
    return Tensor.create(values, shape).to(type);
  }

  @Override
  public void close() {
    leaves.forEach(Tensor::close);
    momenta.forEach(Tensor::close);
    statistics.forEach(Tensor::close);
    leaves.clear();
    momenta.clear();
    statistics.clear();
  }
}
