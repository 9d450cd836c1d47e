package spikemlp.layer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import spikemlp.kernel.Kernels;
import spikemlp.kernel.Precision;
import spikemlp.kernel.Tensor;

/**
 * All numbers of a network, by canonical name: what is learnt, its gradients and moments, and the
 * running statistics. Owns their memory. Layers read and write them by offset; only whoever trains
 * may change them, and nobody reads meanwhile.
 */
public final class Parameters implements AutoCloseable {

  private final Precision precision;
  private final Map<String, Parameter> byName;
  private final Tensor values;
  private final Tensor statistics;
  private final long trainable;
  private final List<Tensor> optimiser = new ArrayList<>(3);
  private long version;

  private Parameters(Precision precision, Layout layout) {
    this.precision = precision;
    this.byName = Collections.unmodifiableMap(new LinkedHashMap<>(layout.byName));
    this.trainable = layout.trainable;
    this.values = Tensor.zeros(precision, layout.trainable);
    this.statistics = Tensor.zeros(precision, layout.statistics);
  }

  /** By name, in the order of the network. */
  public Map<String, Parameter> byName() {
    return byName;
  }

  /**
   * The parameter of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Parameter named(String name) {
    Parameter parameter = byName.get(name);
    if (parameter == null) {
      throw new IllegalArgumentException("the network has no parameter '" + name + "'");
    }
    return parameter;
  }

  /** How many numbers are learnt. */
  public long trainable() {
    return trainable;
  }

  /** A number that changes whenever the values or statistics have changed. */
  public long version() {
    return version;
  }

  /** Says that values or statistics have changed. */
  public void changed() {
    version++;
  }

  public Tensor values() {
    return values;
  }

  public Tensor statistics() {
    return statistics;
  }

  /** The gradients, one for each learnt number. */
  public Tensor gradients() {
    return optimiserState(0);
  }

  /** SGD's momenta or AdamW's first moments, one for each learnt number; zeros at first. */
  public Tensor momenta() {
    return optimiserState(1);
  }

  private Tensor optimiserState(int which) {
    while (optimiser.size() <= which) {
      optimiser.add(Tensor.zeros(precision, trainable));
    }
    return optimiser.get(which);
  }

  /** AdamW's second moments, one for each learnt number; zeros at first. */
  public Tensor secondMoments() {
    return optimiserState(2);
  }

  /** One step of SGD on the gradients, weight decay acting on every learnt number. */
  public void descend(Kernels kernels, double learningRate, double momentum, double weightDecay) {
    kernels.descend(
        values, gradients(), momenta(), 0, trainable, learningRate, momentum, weightDecay);
    changed();
  }

  /**
   * A run of learnt numbers on which weight decay acts alike.
   *
   * @param decays whether it acts on them
   */
  public record Range(long offset, long count, boolean decays) {}

  /** All learnt numbers in the order in which they lie, in runs as long as can be. */
  public List<Range> ranges() {
    List<Range> ranges = new ArrayList<>();
    byName.values().stream()
        .filter(Parameter::trainable)
        .sorted(Comparator.comparingLong(Parameter::offset))
        .forEach(parameter -> {
          Range next = new Range(parameter.offset(), parameter.size(), parameter.decays());
          if (!ranges.isEmpty() && ranges.getLast().decays() == next.decays()) {
            Range last = ranges.removeLast();
            next = new Range(last.offset(), last.count() + next.count(), next.decays());
          }
          ranges.add(next);
        });
    return ranges;
  }

  /** The tensor in which a parameter's numbers lie. */
  public Tensor home(Parameter parameter) {
    return parameter.trainable() ? values : statistics;
  }

  /** A parameter's numbers in canonical order, read from a tensor laid out as its home is. */
  public double[] read(Parameter parameter, Tensor from) {
    double[] numbers = new double[parameter.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = from.get(parameter.offset() + parameter.place().applyAsInt(i));
    }
    return numbers;
  }

  /** Writes numbers in canonical order to a tensor laid out as the parameter's home is. */
  public void write(Parameter parameter, Tensor to, double[] numbers) {
    for (int i = 0; i < numbers.length; i++) {
      to.set(parameter.offset() + parameter.place().applyAsInt(i), numbers[i]);
    }
  }

  @Override
  public void close() {
    values.close();
    statistics.close();
    optimiser.forEach(Tensor::close);
  }

  /** Lays the parameters out, layer by layer in the network's order. Holds no memory. */
  public static final class Layout {
    private final Map<String, Parameter> byName = new LinkedHashMap<>();
    private long trainable;
    private long statistics;

    /** Takes {@code size} learnt numbers and says where they begin. */
    long take(long size) {
      long offset = trainable;
      trainable += size;
      return offset;
    }

    /** Takes {@code size} running statistics and says where they begin. */
    long takeStatistics(long size) {
      long offset = statistics;
      statistics += size;
      return offset;
    }

    /** Names learnt numbers from {@code offset} on. */
    void weight(String name, long offset, IntUnaryOperator place, int fanIn, int... shape) {
      byName.put(name, new Parameter(name, shape, true, offset, place, fanIn));
    }

    /** Names a layer's running statistic. */
    void statistic(String name, long offset, int features) {
      byName.put(
          name,
          new Parameter(name, new int[] {features}, false, offset, IntUnaryOperator.identity(), 0));
    }

    /** How many numbers are learnt. */
    public long trainable() {
      return trainable;
    }

    /** Takes the memory. */
    public Parameters allocate(Precision precision) {
      return new Parameters(precision, this);
    }
  }
}
