package spikemlp.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import spikemlp.contract.network.Skips;
import spikemlp.kernel.Current;
import spikemlp.kernel.Tensor;
import spikemlp.neuron.LifNeuron;

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
 * W_f is kept as three matrices, so W_f·concat is a sum of three products.
 */
public final class Mixer {

  private final Execution execution;
  private final StageGradients gradients;
  private final Tensor x;
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
  private final Tensor channelState;
  private final AxisLinear tokenH;
  private final AxisLinear tokenW;
  private final Linear[] fuse = new Linear[3];
  private final Linear channel1;
  private final Linear channel2;
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
      Tensor x,
      Current state,
      Optional<Tensor> previous,
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
    this.channelState = execution.buffer(addedToNext ? size : 0);
    Tensor tokenState = execution.buffer(addsTokenToChannel ? size : 0);

    this.normH = shape.norm(execution, parameters, weight.tokenHNorm(), width * c, shape.neurons());
    this.normW = shape.norm(execution, parameters, weight.tokenWNorm(), c, shape.neurons());
    this.normToken = shape.norm(execution, parameters, weight.fuseNorm());
    this.normHidden = shape.norm(execution, parameters, weight.channel1Norm());
    this.normChannel = shape.norm(execution, parameters, weight.channel2Norm());

    LifNeuron neuron = LifNeuron.of(shape.config());
    List<Current> tokenSkips = new ArrayList<>();
    if (addsStateToToken) {
      tokenSkips.add(state);
    }
    previous.ifPresent(tensor -> tokenSkips.add(new Current(tensor, true)));
    List<Current> channelSkips = new ArrayList<>();
    if (addsStateToChannel) {
      channelSkips.add(state);
    }
    if (addsTokenToChannel) {
      channelSkips.add(new Current(tokenState, true));
    }
    this.lifH =
        new SpikingLayer(
            execution, name + ".lif_h", neuron, normH.charge(yH, List.of()), Optional.empty());
    this.lifW =
        new SpikingLayer(
            execution, name + ".lif_w", neuron, normW.charge(yW, List.of()), Optional.empty());
    this.lifToken =
        new SpikingLayer(
            execution,
            name + ".lif_token",
            neuron,
            normToken.charge(yToken, tokenSkips),
            addsTokenToChannel ? Optional.of(tokenState) : Optional.empty());
    this.lifHidden =
        new SpikingLayer(
            execution,
            name + ".lif_hidden",
            neuron,
            normHidden.charge(yHidden, List.of()),
            Optional.empty());
    this.lifChannel =
        new SpikingLayer(
            execution,
            name + ".lif_channel",
            neuron,
            normChannel.charge(yChannel, channelSkips),
            addedToNext ? Optional.of(channelState) : Optional.empty());

    this.tokenH =
        new AxisLinear(execution, parameters, weight.tokenH(), shape.timeSteps(), width * c);
    this.tokenW =
        new AxisLinear(execution, parameters, weight.tokenW(), shape.timeSteps() * height, c);
    Tensor[] inputs = {lifH.spikes(), lifW.spikes(), x};
    for (int i = 0; i < 3; i++) {
      this.fuse[i] = new Linear(execution, parameters, weight.fuse()[i], inputs[i], yToken, rows);
    }
    this.channel1 =
        new Linear(execution, parameters, weight.channel1(), lifToken.spikes(), yHidden, rows);
    this.channel2 =
        new Linear(execution, parameters, weight.channel2(), lifHidden.spikes(), yChannel, rows);
    if (execution.training()) {
      Tensor[] inputGradients = {gradients.axisH(), gradients.axisW(), gradients.spikes()};
      for (int i = 0; i < 3; i++) {
        fuse[i]
            .withWeightGradient(inputs[i], gradients.token(), rows)
            .withInputGradient(gradients.token(), inputGradients[i], rows);
      }
      channel1
          .withWeightGradient(lifToken.spikes(), gradients.hidden(), rows)
          .withInputGradient(gradients.hidden(), gradients.token(), rows);
      channel2
          .withWeightGradient(lifHidden.spikes(), gradients.spikes(), rows)
          .withInputGradient(gradients.spikes(), gradients.hidden(), rows);
    }
  }

  /** x₃. */
  public Tensor spikes() {
    return lifChannel.spikes();
  }

  /** c, where the next mixer adds it. */
  public Optional<Tensor> channelState() {
    return addedToNext ? Optional.of(channelState) : Optional.empty();
  }

  /** The neurons in their order. */
  public List<SpikingLayer> neurons() {
    return List.of(lifH, lifW, lifToken, lifHidden, lifChannel);
  }

  /** x₃ from x. */
  public void forward() {
    execution.forEachSlice(slice -> {
      tokenH.forward(slice, x, yH);
      normH.measure(slice, yH);
      tokenW.forward(slice, x, yW);
      normW.measure(slice, yW);
    });
    normH.finish();
    normW.finish();
    execution.forEachSlice(slice -> {
      lifH.forward(slice);
      lifW.forward(slice);
      fuse[0].forward(slice, false);
      fuse[1].forward(slice, true);
      fuse[2].forward(slice, true);
      normToken.measure(slice, yToken);
    });
    normToken.finish();
    execution.forEachSlice(slice -> {
      lifToken.forward(slice);
      channel1.forward(slice, false);
      normHidden.measure(slice, yHidden);
    });
    normHidden.finish();
    execution.forEachSlice(slice -> {
      lifHidden.forward(slice);
      channel2.forward(slice, false);
      normChannel.measure(slice, yChannel);
    });
    normChannel.finish();
    execution.forEachSlice(lifChannel::forward);
  }

  /** Turns {@code gradients.spikes()} from δx₃ to δx, adding to δh and all weights' gradients. */
  public void backward() {
    execution.forEachSlice(this::backwardChannelState);
    normChannel.finishGradient();
    execution.forEachSlice(slice -> {
      normChannel.backward(slice, gradients.spikes(), yChannel);
      channel2.weightGradient(slice);
      channel2.inputGradient(slice, false);
      lifHidden.backward(slice, gradients.hidden());
      normHidden.measureGradient(slice, gradients.hidden(), yHidden);
    });
    normHidden.finishGradient();
    execution.forEachSlice(slice -> {
      normHidden.backward(slice, gradients.hidden(), yHidden);
      channel1.weightGradient(slice);
      channel1.inputGradient(slice, false);
      backwardTokenState(slice);
    });
    normToken.finishGradient();
    execution.forEachSlice(slice -> {
      normToken.backward(slice, gradients.token(), yToken);
      for (Linear linear : fuse) {
        linear.weightGradient(slice);
        linear.inputGradient(slice, false);
      }
      lifH.backward(slice, gradients.axisH());
      normH.measureGradient(slice, gradients.axisH(), yH);
      lifW.backward(slice, gradients.axisW());
      normW.measureGradient(slice, gradients.axisW(), yW);
    });
    normH.finishGradient();
    normW.finishGradient();
    execution.forEachSlice(slice -> {
      normH.backward(slice, gradients.axisH(), yH);
      tokenH.weightGradient(slice, x, gradients.axisH());
      tokenH.inputGradient(slice, gradients.axisH(), gradients.spikes());
      normW.backward(slice, gradients.axisW(), yW);
      tokenW.weightGradient(slice, x, gradients.axisW());
      tokenW.inputGradient(slice, gradients.axisW(), gradients.spikes());
    });
    finishGradients();
  }

  /** δx₃ → δv → δc, handing δv on to h and t. */
  private void backwardChannelState(int slice) {
    lifChannel.backward(slice, gradients.spikes());
    if (addsStateToChannel) {
      execution.add(slice, gradients.spikes(), gradients.state());
    }
    if (addsTokenToChannel) {
      execution.copy(slice, gradients.spikes(), gradients.channelState());
    }
    if (addedToNext) {
      execution.add(slice, gradients.previous(), gradients.spikes());
    }
    normChannel.measureGradient(slice, gradients.spikes(), yChannel);
  }

  /** δx₂ → δy → δt, handing δy on to h and the previous mixer's c. */
  private void backwardTokenState(int slice) {
    lifToken.backward(slice, gradients.token());
    if (addsStateToToken) {
      execution.add(slice, gradients.token(), gradients.state());
    }
    if (addsPrevious) {
      execution.copy(slice, gradients.token(), gradients.previous());
    }
    if (addsTokenToChannel) {
      execution.add(slice, gradients.channelState(), gradients.token());
    }
    normToken.measureGradient(slice, gradients.token(), yToken);
  }

  private void finishGradients() {
    tokenH.finishGradient();
    tokenW.finishGradient();
    for (Linear linear : fuse) {
      linear.finishGradient();
    }
    channel1.finishGradient();
    channel2.finishGradient();
  }
}
