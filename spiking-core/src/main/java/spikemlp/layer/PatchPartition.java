package spikemlp.layer;

import java.util.List;
import spikemlp.kernel.Charge;
import spikemlp.kernel.Current;
import spikemlp.kernel.Spikes;
import spikemlp.kernel.Tensor;

/**
 * A later stage's patch partition: h = BN(Conv(k = 2, stride 2)) of the spikes before it, {@code
 * [B, T, H, W, C]} → {@code [B, T, ⌊H/2⌋, ⌊W/2⌋, 2C]}.
 */
public final class PatchPartition implements PatchLayer {

  private final Execution execution;
  private final Tensor dx;
  private final Tensor y;
  private final Tensor h;
  private final Tensor gradient;
  private final Convolution convolution;
  private final BatchNorm norm;
  private final Charge charge;

  /**
   * @param from the stage before
   * @param to this stage
   * @param x the spikes before
   * @param dx where their gradient goes
   */
  public PatchPartition(
      Execution execution,
      Parameters parameters,
      PatchWeight weight,
      Shape from,
      Shape to,
      Spikes x,
      Tensor dx) {
    this.execution = execution;
    this.dx = dx;
    long size = to.size(execution, to.channels());
    this.y = execution.buffer(size);
    this.h = execution.buffer(size);
    this.gradient = execution.buffer(execution.training() ? size : 0);
    this.convolution =
        new Convolution(
            execution,
            parameters,
            weight.convolutions()[0],
            new Convolution.Window(
                from.channels(), from.stage().height(), from.stage().width(), 2, 2, 0),
            to.timeSteps(),
            x,
            y,
            gradient);
    this.norm = to.norm(execution, parameters, weight.norms()[0]);
    this.charge =
        new Charge(to.timeSteps(), to.stage().tokens(), to.channels(), norm.current(y), List.of());
  }

  @Override
  public Current state() {
    return Current.plain(h, true);
  }

  @Override
  public void forward() {
    convolution.prepare();
    execution.forEachSample(b -> convolution.forward(b, norm));
    norm.finish();
    execution.forEachSample(b -> execution.combine(b, charge, h));
  }

  @Override
  public void backward(Tensor dh) {
    execution.forEachSample(b -> {
      execution.copy(b, dh, gradient);
      norm.measureGradient(b, gradient, y);
    });
    norm.finishGradient();
    execution.forEachSample(
        convolution::clearGradient, (slice, b) -> convolution.backward(slice, b, norm, dx));
    convolution.finishGradient();
  }
}
