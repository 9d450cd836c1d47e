package spikemlp.layer;

import java.util.List;
import spikemlp.kernel.Spikes;
import spikemlp.kernel.Tensor;

/**
 * The head on spikes x {@code [B, T, N, C]}, N = H·W tokens in rows' order: LIF(BN_N(W over the
 * tokens)), the mean over tokens {@code [B, T, C]}, and the classifier C→K with bias. Its logits
 * {@code [B, T, K]} are averaged over T by the loss.
 */
public final class Head {

  private final Execution execution;
  private final Parameters parameters;
  private final HeadWeight weight;
  private final Shape shape;
  private final Spikes x;
  private final Tensor dx;
  private final Tensor y;
  private final Tensor features;
  private final Tensor logits;
  private final Tensor gradient;
  private final AxisLinear tokenFc;
  private final BatchNorm norm;
  private final SpikingLayer lif;
  private final Linear classifier;

  /**
   * @param x the last mixer's spikes
   * @param dx where their gradient goes
   */
  public Head(
      Execution execution,
      Parameters parameters,
      HeadWeight weight,
      Shape shape,
      Spikes x,
      Tensor dx) {
    this.execution = execution;
    this.parameters = parameters;
    this.weight = weight;
    this.shape = shape;
    this.x = x;
    this.dx = dx;
    int steps = shape.timeSteps();
    long size = shape.size(execution, shape.channels());
    this.y = execution.buffer(size);
    this.features = execution.buffer((long) execution.batch() * steps * shape.channels());
    this.logits =
        execution.buffer((long) execution.batch() * steps * weight.classifier().outputs());
    this.gradient = execution.buffer(execution.training() ? size : 0);
    this.tokenFc = new AxisLinear(execution, parameters, weight.tokenFc(), steps, shape.channels());
    this.norm =
        shape.norm(execution, parameters, weight.norm(), shape.channels(), shape.channels());
    this.lif = shape.neurons(execution, "head.lif", shape.channels(), norm, y, List.of());
    this.classifier =
        new Linear(execution, parameters, weight.classifier(), features, logits, steps);
    if (execution.training()) {
      classifier
          .withWeightGradient(features, logits, steps)
          .withInputGradient(logits, features, steps);
    }
  }

  public SpikingLayer neurons() {
    return lif;
  }

  /** The logits {@code [B][T][K]}. */
  public double[][][] forward() {
    execution.forEachSample(b -> {
      tokenFc.forward(b, x, y);
      norm.measure(b, y);
    });
    norm.finish();
    execution.forEachSlice(slice -> {
      execution.forEachSample(slice, lif::forward);
      meanOverTokens(slice);
      classifier.forward(slice);
    });
    int classes = weight.classifier().outputs();
    double[][][] result = new double[execution.batch()][shape.timeSteps()][classes];
    long i = 0;
    for (double[][] sample : result) {
      for (double[] step : sample) {
        for (int k = 0; k < classes; k++) {
          step[k] = logits.get(i++) + parameters.values().get(weight.bias() + k);
        }
      }
    }
    return result;
  }

  private void meanOverTokens(int slice) {
    int c = shape.channels();
    int tokens = shape.stage().tokens();
    long end = (long) execution.firstSample(slice + 1) * shape.timeSteps();
    for (long i = (long) execution.firstSample(slice) * shape.timeSteps(); i < end; i++) {
      execution.kernels().meanOverTokens(lif.spikes(), i * tokens, tokens, features, i * c);
    }
  }

  private static void divide(Tensor values, long offset, int count, int divisor) {
    for (long i = offset; i < offset + count; i++) {
      values.set(i, values.get(i) / divisor);
    }
  }

  /**
   * All gradients of the head, and δx.
   *
   * @param dLogits {@code [B][T][K]}
   */
  public void backward(double[][][] dLogits) {
    writeLogitGradients(dLogits);
    execution.forEachSlice(slice -> {
      classifier.weightGradient(slice);
      classifier.inputGradient(slice);
      spreadOverTokens(slice);
      execution.forEachSample(slice, b -> lif.backward(b, gradient));
    });
    classifier.finishGradient();
    norm.finishGradient();
    execution.forEachSample(
        tokenFc::clearGradient,
        (slice, b) -> {
          norm.backward(b, gradient, y);
          tokenFc.weightGradient(slice, b, x, gradient);
          execution.clear(b, dx);
          tokenFc.inputGradient(b, gradient, dx);
        });
    tokenFc.finishGradient();
  }

  private void writeLogitGradients(double[][][] dLogits) {
    double[] dBias = new double[weight.classifier().outputs()];
    long i = 0;
    for (double[][] sample : dLogits) {
      for (double[] step : sample) {
        for (int k = 0; k < dBias.length; k++) {
          dBias[k] += step[k];
          logits.set(i++, step[k]);
        }
      }
    }
    for (int k = 0; k < dBias.length; k++) {
      parameters.gradients().set(weight.bias() + k, dBias[k]);
    }
  }

  private void spreadOverTokens(int slice) {
    int c = shape.channels();
    int tokens = shape.stage().tokens();
    long end = (long) execution.firstSample(slice + 1) * shape.timeSteps();
    for (long i = (long) execution.firstSample(slice) * shape.timeSteps(); i < end; i++) {
      divide(features, i * c, c, tokens);
      for (int n = 0; n < tokens; n++) {
        gradient.copyFrom(features, i * c, (i * tokens + n) * c, c);
      }
    }
  }
}
