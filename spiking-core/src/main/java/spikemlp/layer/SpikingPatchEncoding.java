package spikemlp.layer;

import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;
import spikemlp.kernel.Charge;
import spikemlp.kernel.Current;
import spikemlp.kernel.Spikes;
import spikemlp.kernel.Tensor;

/**
 * Spiking patch encoding: a directed acyclic graph of three nodes with n = C/3 channels each, all
 * convolutions 3×3 with padding 1; {@code [B, T, H, W, C/2]} → {@code [B, T, ⌈H/2⌉, ⌈W/2⌉, C]}.
 *
 * <pre>
 * a = BN(Conv_s2(x))
 * b = BN(Conv_s2(x)) + BN(Conv_s1(LIF(a)))
 * d = BN(Conv_s2(x)) + BN(Conv_s1(LIF(b))) + a
 * h = concat(a, b, d) on channels
 * </pre>
 *
 * The three convolutions of x are one product, whose normalised output is already laid out as h is:
 * a, b₀ and d₀ are its columns.
 */
public final class SpikingPatchEncoding implements PatchLayer {

  private final Execution execution;
  private final Shape to;
  private final int n;
  private final Tensor dx;
  private final Tensor h;
  private final Tensor a;
  private final Tensor b;
  private final Tensor d;
  private final Tensor b0;
  private final Tensor d0;
  private final Node inputs;
  private final Node first;
  private final Node second;
  private final SpikingLayer lif1;
  private final SpikingLayer lif2;
  private final Charge inputCharge;
  private final Charge chargeB;
  private final Charge chargeD;
  private final Tensor da;
  private final Tensor db;
  private final Tensor ds;

  /** A convolution, its output y, its normalisation, and the gradient that becomes δy. */
  private record Node(Convolution convolution, Tensor y, BatchNorm norm, Tensor gradient) {}

  /**
   * @param name {@code stages.i.patch}
   * @param from the stage before
   * @param to this stage
   * @param x the spikes before
   * @param dx where their gradient goes
   */
  public SpikingPatchEncoding(
      Execution execution,
      Parameters parameters,
      PatchWeight weight,
      String name,
      Shape from,
      Shape to,
      Spikes x,
      Tensor dx) {
    this.execution = execution;
    this.to = to;
    this.n = to.channels() / 3;
    this.dx = dx;
    this.h = execution.buffer(to.size(execution, to.channels()));
    long third = to.size(execution, n);
    this.a = execution.buffer(third);
    this.b = execution.buffer(third);
    this.d = execution.buffer(third);
    this.b0 = execution.buffer(third);
    this.d0 = execution.buffer(third);
    this.lif1 = to.neurons(execution, name + ".lif_1", n, Current.plain(a, true));
    this.lif2 = to.neurons(execution, name + ".lif_2", n, Current.plain(b, true));
    int height = from.stage().height();
    int width = from.stage().width();
    this.inputs =
        node(
            parameters,
            weight,
            0,
            new Convolution.Window(from.channels(), height, width, 3, 2, 1),
            x);
    Convolution.Window same =
        new Convolution.Window(n, to.stage().height(), to.stage().width(), 3, 1, 1);
    this.first = node(parameters, weight, 1, same, lif1.spikes());
    this.second = node(parameters, weight, 2, same, lif2.spikes());
    this.inputCharge = charge(inputs, List.of());
    this.chargeB = charge(first, List.of(Current.plain(b0, true)));
    this.chargeD = charge(second, List.of(Current.plain(d0, true), Current.plain(a, true)));
    long gradient = execution.training() ? third : 0;
    this.da = execution.buffer(gradient);
    this.db = execution.buffer(gradient);
    this.ds = execution.buffer(gradient);
  }

  private Node node(
      Parameters parameters,
      PatchWeight weight,
      int which,
      Convolution.Window window,
      Spikes source) {
    LinearWeight w = weight.convolutions()[which];
    Tensor y = execution.buffer(to.size(execution, w.outputs()));
    Tensor gradient = execution.buffer(execution.training() ? y.size() : 0);
    Convolution convolution =
        new Convolution(execution, parameters, w, window, to.timeSteps(), source, y, gradient);
    return new Node(
        convolution, y, to.norm(execution, parameters, weight.norms()[which]), gradient);
  }

  private Charge charge(Node node, List<Current> skips) {
    int width = (int) (node.y().size() / to.size(execution, 1));
    return new Charge(
        to.timeSteps(), to.stage().tokens(), width, node.norm().current(node.y()), skips);
  }

  @Override
  public Current state() {
    return Current.plain(h, true);
  }

  @Override
  public List<SpikingLayer> neurons() {
    return List.of(lif1, lif2);
  }

  @Override
  public void forward() {
    inputs.convolution().prepare();
    first.convolution().prepare();
    second.convolution().prepare();
    execution.forEachSample(sample -> convolve(sample, inputs));
    inputs.norm().finish();
    execution.forEachSample(sample -> {
      execution.combine(sample, inputCharge, h);
      split(sample, h, a, b0, d0);
      lif1.forward(sample);
      convolve(sample, first);
    });
    first.norm().finish();
    execution.forEachSample(sample -> {
      execution.combine(sample, chargeB, b);
      lif2.forward(sample);
      convolve(sample, second);
    });
    second.norm().finish();
    execution.forEachSample(sample -> {
      execution.combine(sample, chargeD, d);
      join(sample, a, b, d, h);
    });
  }

  private static void convolve(int sample, Node node) {
    node.convolution().forward(sample, node.norm());
  }

  @Override
  public void backward(Tensor dh) {
    // d = BN(y₂) + d₀ + a: its gradient goes to all three.
    execution.forEachSample(sample -> {
      split(sample, dh, da, db, second.gradient());
      execution.add(sample, second.gradient(), da);
      putThird(sample, second.gradient(), inputs.gradient(), 2);
      second.norm().measureGradient(sample, second.gradient(), second.y());
    });
    second.norm().finishGradient();
    // b = BN(y₁) + b₀, read by h and, through its neurons, by d.
    convolveBackward(
        second,
        ds,
        sample -> {
          lif2.backward(sample, ds);
          execution.add(sample, ds, db);
          putThird(sample, db, inputs.gradient(), 1);
          execution.copy(sample, db, first.gradient());
          first.norm().measureGradient(sample, first.gradient(), first.y());
        });
    first.norm().finishGradient();
    // a is read by h, by d and, through its neurons, by b.
    convolveBackward(
        first,
        ds,
        sample -> {
          lif1.backward(sample, ds);
          execution.add(sample, ds, da);
          putThird(sample, da, inputs.gradient(), 0);
          inputs.norm().measureGradient(sample, inputs.gradient(), inputs.y());
        });
    inputs.norm().finishGradient();
    convolveBackward(inputs, dx, _ -> {});
    inputs.convolution().finishGradient();
    first.convolution().finishGradient();
    second.convolution().finishGradient();
  }

  /** Each sample's gradient of what a node's convolution reads, then what follows from it. */
  private void convolveBackward(Node node, Tensor gradient, IntConsumer then) {
    Convolution convolution = node.convolution();
    execution.forEachSample(
        convolution::clearGradient,
        (slice, sample) -> {
          convolution.backward(slice, sample, node.norm(), gradient);
          then.accept(sample);
        });
  }

  private void split(int sample, Tensor whole, Tensor left, Tensor middle, Tensor right) {
    forEachRow(
        sample,
        row -> {
          left.copyFrom(whole, row * 3 * n, row * n, n);
          middle.copyFrom(whole, row * 3 * n + n, row * n, n);
          right.copyFrom(whole, row * 3 * n + 2L * n, row * n, n);
        });
  }

  private void join(int sample, Tensor left, Tensor middle, Tensor right, Tensor whole) {
    putThird(sample, left, whole, 0);
    putThird(sample, middle, whole, 1);
    putThird(sample, right, whole, 2);
  }

  private void putThird(int sample, Tensor third, Tensor whole, int which) {
    forEachRow(sample, row -> whole.copyFrom(third, row * n, row * 3 * n + (long) which * n, n));
  }

  private void forEachRow(int sample, LongConsumer task) {
    long end = (sample + 1L) * to.rows();
    for (long row = (long) sample * to.rows(); row < end; row++) {
      task.accept(row);
    }
  }
}
