package spikemlp.layer;

import java.util.Optional;
import spikemlp.kernel.Tensor;

/**
 * Gradient buffers that a stage's layers hand on to one another, last layer first.
 *
 * @param spikes δs of the spikes between mixers {@code [B, T, H, W, C]}: each mixer turns its
 *     output's into its input's
 * @param state δh {@code [B, T, H, W, C]}, every skip from h adds to it
 * @param token of the token block's state
 * @param hidden of the channel block's hidden layer {@code [B, T, H, W, αC]}
 * @param axisH of the H-axis block
 * @param axisW of the W-axis block
 * @param channelState δv, kept for the skip TC
 * @param previous δy, kept for the skip CT, which the mixer before adds to its δc
 */
public record StageGradients(
    Tensor spikes,
    Tensor state,
    Tensor token,
    Tensor hidden,
    Tensor axisH,
    Tensor axisW,
    Tensor channelState,
    Tensor previous) {

  /**
   * Buffers for a stage; empty ones in inference. What only lives within a stage's backward pass
   * takes the memory of the stage before, where that is large enough.
   */
  public static StageGradients of(
      Execution execution, Shape shape, Optional<StageGradients> before) {
    long size = execution.training() ? shape.size(execution, shape.channels()) : 0;
    long hidden = size * shape.config().expansionRatio();
    boolean tc = shape.config().skips().tc();
    boolean ct = shape.config().skips().ct();
    return new StageGradients(
        execution.buffer(size),
        execution.buffer(size),
        shared(execution, before.map(StageGradients::token), size),
        shared(execution, before.map(StageGradients::hidden), hidden),
        shared(execution, before.map(StageGradients::axisH), size),
        shared(execution, before.map(StageGradients::axisW), size),
        shared(execution, before.map(StageGradients::channelState), tc ? size : 0),
        shared(execution, before.map(StageGradients::previous), ct ? size : 0));
  }

  private static Tensor shared(Execution execution, Optional<Tensor> before, long size) {
    return before
        .filter(buffer -> buffer.size() >= size)
        .map(buffer -> buffer.first(size))
        .orElseGet(() -> execution.buffer(size));
  }
}
