package spikemlp.layer;

import java.util.List;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.kernel.Charge;
import spikemlp.kernel.Current;
import spikemlp.kernel.Tensor;

/**
 * Stage 0's patch partition: h = BN(Conv(k = p, stride p)) of the image {@code [B, 3, H, W]}.
 *
 * <p>Direct encoding shows the same image at each step, so h is computed once, {@code [B, H/p, W/p,
 * C]}, and read T times; its gradient is the sum over T. Inference takes the image on the {@link
 * ImageGrid}.
 */
public final class ImagePatches implements PatchLayer {

  private final Execution execution;
  private final Shape shape;
  private final Tensor images;
  private final Tensor windows;
  private final Tensor y;
  private final Tensor h;
  private final Tensor gradient;
  private final Linear linear;
  private final ImageProduct inference;
  private final BatchNorm norm;
  private final Charge charge;

  /**
   * @param images the batch's images {@code [B, 3, H, W]}, normalised
   */
  public ImagePatches(
      Execution execution, Parameters parameters, PatchWeight weight, Shape shape, Tensor images) {
    this.execution = execution;
    this.shape = shape;
    this.images = images;
    NetworkConfig config = shape.config();
    int tokens = shape.stage().tokens();
    long size = (long) execution.batch() * shape.neurons();
    this.windows = execution.buffer(images.size());
    this.y = execution.buffer(size);
    this.h = execution.buffer(size);
    this.gradient = execution.buffer(execution.training() ? size : 0);
    this.linear = new Linear(execution, parameters, weight.convolutions()[0], windows, y, tokens);
    this.inference =
        new ImageProduct(execution, parameters, weight.convolutions()[0], windows, y, tokens);
    if (execution.training()) {
      linear.withWeightGradient(windows, gradient, tokens);
    }
    this.norm =
        new BatchNorm(
            execution,
            parameters,
            weight.norms()[0],
            1,
            new BatchNorm.Layout(1, shape.stage().tokens(), shape.channels(), config.timeSteps()),
            config.bnEps(),
            config.bnMomentum());
    this.charge = new Charge(1, tokens, shape.channels(), norm.current(y), List.of());
  }

  @Override
  public Current state() {
    return Current.plain(h, false);
  }

  @Override
  public void forward() {
    if (!execution.training()) {
      inference.prepare();
    }
    execution.forEachSlice(slice -> {
      copyWindows(slice);
      if (execution.training()) {
        linear.forward(slice);
      } else {
        inference.forward(slice);
      }
      execution.forEachSample(slice, b -> norm.measure(b, y));
    });
    norm.finish();
    execution.forEachSample(b -> execution.combine(b, charge, h));
  }

  private void copyWindows(int slice) {
    NetworkConfig config = shape.config();
    int p = config.patchSize();
    int colours = NetworkConfig.IMAGE_CHANNELS;
    long to = execution.firstSample(slice) * (images.size() / execution.batch());
    for (int b = execution.firstSample(slice); b < execution.firstSample(slice + 1); b++) {
      for (int oy = 0; oy < shape.stage().height(); oy++) {
        for (int ox = 0; ox < shape.stage().width(); ox++) {
          for (int c = 0; c < colours; c++) {
            for (int tap = 0; tap < p; tap++) {
              long line = ((long) b * colours + c) * config.imageHeight() + (long) oy * p + tap;
              windows.copyFrom(images, line * config.imageWidth() + (long) ox * p, to, p);
              to += p;
            }
          }
        }
      }
    }
  }

  @Override
  public void backward(Tensor dh) {
    execution.forEachSlice(slice -> {
      sumOverTime(slice, dh);
      execution.forEachSample(slice, b -> norm.measureGradient(b, gradient, y));
    });
    norm.finishGradient();
    execution.forEachSlice(slice -> {
      execution.forEachSample(slice, b -> norm.backward(b, gradient, y));
      linear.weightGradient(slice);
    });
    linear.finishGradient();
  }

  private void sumOverTime(int slice, Tensor dh) {
    int neurons = shape.neurons();
    for (long b = execution.firstSample(slice); b < execution.firstSample(slice + 1); b++) {
      gradient.copyFrom(dh, b * shape.timeSteps() * neurons, b * neurons, neurons);
      for (int t = 1; t < shape.timeSteps(); t++) {
        execution
            .kernels()
            .add(dh, (b * shape.timeSteps() + t) * neurons, gradient, b * neurons, neurons);
      }
    }
  }
}
