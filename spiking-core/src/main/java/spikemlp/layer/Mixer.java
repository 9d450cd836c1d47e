package spikemlp.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import spikemlp.contract.network.Skips;
import spikemlp.kernel.Current;
import spikemlp.kernel.Spikes;
import spikemlp.kernel.Tensor;

/**
 * A mixer on spikes x {@code [B, T, H, W, C]}: a token block (axial sampling), then a channel block
 * (full sampling).
 *
 * <pre>
 * u_h = LIF(BN_H(W_h over the H axis))
 * u_w = LIF(BN_W(W_w over the W axis))
 * t   = BN_C(W_f · concat(u_h, u_w, x))
 * y   = t  [+ h : PT, and in a stage's first mixer always] [+ c of the previous mixer : CT]
 * x₂  = LIF(y)
 * c   = BN_C(W_c2 · LIF(BN_αC(W_c1 · x₂)))
 * v   = c  [+ h : PC] [+ t : TC]
 * x₃  = LIF(v)
 * </pre>
 *
 * <p>W_f is kept as three matrices, one for each input, so that nothing is copied together. t and c
 * are never stored: who adds them normalises y once more.
 */
public final class Mixer {

  private final Execution execution;
  private final StageGradients gradients;
  private final Spikes x;
  private final boolean addsStateToToken;
  private final boolean addsStateToChannel;
  private final boolean addsTokenToChannel;
  private final boolean addsPrevious;
  private final boolean addedToNext;
  private final Tensor yH;
  private final Tensor yW;
  private final Tensor yToken;
  private final Tensor yHidden;
  private final Tensor yChannel;
  private final AxisLinear tokenH;
  private final AxisLinear tokenW;
  private final SpikeLinear fuse;
  private final SpikeLinear channel1;
  private final SpikeLinear channel2;
  private final BatchNorm normH;
  private final BatchNorm normW;
  private final BatchNorm normToken;
  private final BatchNorm normHidden;
  private final BatchNorm normChannel;
  private final SpikingLayer lifH;
  private final SpikingLayer lifW;
  private final SpikingLayer lifToken;
  private final SpikingLayer lifHidden;
  private final SpikingLayer lifChannel;

  /**
   * @param name {@code stages.i.mixers.j}
   * @param x input spikes
   * @param state h of the stage
   * @param previous c of the previous mixer in the stage, if there is one and CT adds it here
   * @param last whether the stage has no mixer after this
   */
  public Mixer(
      Execution execution,
      Parameters parameters,
      MixerWeight weight,
      String name,
      Shape shape,
      StageGradients gradients,
      Spikes x,
      Current state,
      Optional<Current> previous,
      boolean first,
      boolean last) {
    this.execution = execution;
    this.gradients = gradients;
    this.x = x;
    Skips skips = shape.config().skips();
    this.addsStateToToken = skips.pt() || first;
    this.addsStateToChannel = skips.pc();
    this.addsTokenToChannel = skips.tc();
    this.addsPrevious = previous.isPresent();
    this.addedToNext = skips.ct() && !last;
    int c = shape.channels();
    int hidden = weight.channel1().outputs();
    int height = shape.stage().height();
    int width = shape.stage().width();
    int rows = shape.rows();
    long size = shape.size(execution, c);
    this.yH = execution.buffer(size);
    this.yW = execution.buffer(size);
    this.yToken = execution.buffer(size);
    this.yHidden = execution.buffer(shape.size(execution, hidden));
    this.yChannel = execution.buffer(size);

    this.normH = shape.norm(execution, parameters, weight.tokenHNorm(), width * c, c);
    this.normW = shape.norm(execution, parameters, weight.tokenWNorm(), c, c);
    this.normToken = shape.norm(execution, parameters, weight.fuseNorm());
    this.normHidden = shape.norm(execution, parameters, weight.channel1Norm());
    this.normChannel = shape.norm(execution, parameters, weight.channel2Norm());

    List<Current> tokenSkips = new ArrayList<>();
    if (addsStateToToken) {
      tokenSkips.add(state);
    }
    previous.ifPresent(tokenSkips::add);
    List<Current> channelSkips = new ArrayList<>();
    if (addsStateToChannel) {
      channelSkips.add(state);
    }
    if (addsTokenToChannel) {
      channelSkips.add(normToken.current(yToken));
    }
    this.lifH = shape.neurons(execution, name + ".lif_h", c, normH, yH, List.of());
    this.lifW = shape.neurons(execution, name + ".lif_w", c, normW, yW, List.of());
    this.lifToken = shape.neurons(execution, name + ".lif_token", c, normToken, yToken, tokenSkips);
    this.lifHidden =
        shape.neurons(execution, name + ".lif_hidden", hidden, normHidden, yHidden, List.of());
    this.lifChannel =
        shape.neurons(execution, name + ".lif_channel", c, normChannel, yChannel, channelSkips);

    this.tokenH =
        new AxisLinear(execution, parameters, weight.tokenH(), shape.timeSteps(), width * c);
    this.tokenW =
        new AxisLinear(execution, parameters, weight.tokenW(), shape.timeSteps() * height, c);
    this.fuse =
        new SpikeLinear(
            execution,
            parameters,
            List.of(weight.fuse()),
            List.of(lifH.spikes(), lifW.spikes(), x),
            yToken,
            rows);
    this.channel1 =
        new SpikeLinear(
            execution,
            parameters,
            List.of(weight.channel1()),
            List.of(lifToken.spikes()),
            yHidden,
            rows);
    this.channel2 =
        new SpikeLinear(
            execution,
            parameters,
            List.of(weight.channel2()),
            List.of(lifHidden.spikes()),
            yChannel,
            rows);
    if (execution.training()) {
      fuse.withInputGradients(gradients.axisH(), gradients.axisW(), gradients.spikes());
      channel1.withInputGradients(gradients.token());
      channel2.withInputGradients(gradients.hidden());
    }
  }

  /** x₃. */
  public Spikes spikes() {
    return lifChannel.spikes();
  }

  /** c, where the next mixer adds it. */
  public Optional<Current> channelState() {
    return addedToNext ? Optional.of(normChannel.current(yChannel)) : Optional.empty();
  }

  /** The neurons in their order. */
  public List<SpikingLayer> neurons() {
    return List.of(lifH, lifW, lifToken, lifHidden, lifChannel);
  }

  /** x₃ from x. */
  public void forward() {
    fuse.prepare();
    channel1.prepare();
    channel2.prepare();
    execution.forEachSample(b -> {
      tokenH.forward(b, x, yH);
      normH.measure(b, yH);
      tokenW.forward(b, x, yW);
      normW.measure(b, yW);
    });
    normH.finish();
    normW.finish();
    execution.forEachSample(b -> {
      lifH.forward(b);
      lifW.forward(b);
      fuse.forward(b, normToken);
    });
    normToken.finish();
    forward(lifToken, channel1, normHidden);
    forward(lifHidden, channel2, normChannel);
    execution.forEachSample(lifChannel::forward);
  }

  private void forward(SpikingLayer neurons, SpikeLinear linear, BatchNorm norm) {
    execution.forEachSample(b -> {
      neurons.forward(b);
      linear.forward(b, norm);
    });
    norm.finish();
  }

  /** Turns {@code gradients.spikes()} from δx₃ to δx, adding to δh and all weights' gradients. */
  public void backward() {
    execution.forEachSample(this::backwardChannelState);
    normChannel.finishGradient();
    execution.forEachSample(
        channel2::clearGradient,
        (slice, b) -> {
          channel2.backward(slice, normChannel, gradients.spikes(), b);
          lifHidden.backward(b, gradients.hidden());
        });
    normHidden.finishGradient();
    execution.forEachSample(
        channel1::clearGradient,
        (slice, b) -> {
          channel1.backward(slice, normHidden, gradients.hidden(), b);
          lifToken.backward(b, gradients.token());
          backwardTokenState(b);
        });
    normToken.finishGradient();
    execution.forEachSample(
        fuse::clearGradient,
        (slice, b) -> {
          fuse.backward(slice, normToken, gradients.token(), b);
          lifH.backward(b, gradients.axisH());
          lifW.backward(b, gradients.axisW());
        });
    normH.finishGradient();
    normW.finishGradient();
    execution.forEachSample(
        this::clearAxisGradients,
        (slice, b) -> {
          backwardAxis(slice, b, tokenH, normH, gradients.axisH(), yH);
          backwardAxis(slice, b, tokenW, normW, gradients.axisW(), yW);
        });
    tokenH.finishGradient();
    tokenW.finishGradient();
    fuse.finishGradient();
    channel1.finishGradient();
    channel2.finishGradient();
  }

  private void clearAxisGradients(int slice) {
    tokenH.clearGradient(slice);
    tokenW.clearGradient(slice);
  }

  /** A sample's δz of an axis block → δy, its part of δW, and what it adds to δx. */
  private void backwardAxis(
      int slice, int sample, AxisLinear linear, BatchNorm norm, Tensor gradient, Tensor y) {
    norm.backward(sample, gradient, y);
    linear.weightGradient(slice, sample, x, gradient);
    linear.inputGradient(sample, gradient, gradients.spikes());
  }

  /** A sample's δx₃ → δv → δc, handing δv on to h and t. */
  private void backwardChannelState(int sample) {
    lifChannel.backward(sample, gradients.spikes());
    if (addsStateToChannel) {
      execution.add(sample, gradients.spikes(), gradients.state());
    }
    if (addsTokenToChannel) {
      execution.copy(sample, gradients.spikes(), gradients.channelState());
    }
    if (addedToNext) {
      execution.add(sample, gradients.previous(), gradients.spikes());
      normChannel.measureGradient(sample, gradients.spikes(), yChannel);
    }
  }

  /** A sample's δy → δt, handing δy on to h and the previous mixer's c. */
  private void backwardTokenState(int sample) {
    if (addsStateToToken) {
      execution.add(sample, gradients.token(), gradients.state());
    }
    if (addsPrevious) {
      execution.copy(sample, gradients.token(), gradients.previous());
    }
    if (addsTokenToChannel) {
      execution.add(sample, gradients.channelState(), gradients.token());
      normToken.measureGradient(sample, gradients.token(), yToken);
    }
  }
}
