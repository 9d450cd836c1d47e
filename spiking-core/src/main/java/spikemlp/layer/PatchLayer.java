package spikemlp.layer;

import java.util.List;
import spikemlp.kernel.Current;
import spikemlp.kernel.Tensor;

/** How a stage makes its tokens: a state h that its first neurons and its mixers' skips read. */
public sealed interface PatchLayer permits ImagePatches, PatchPartition, SpikingPatchEncoding {

  /** h, {@code [B, T, H, W, C]}, or {@code [B, H, W, C]} that is the same at every step. */
  Current state();

  /** Computes h. */
  void forward();

  /**
   * All gradients below h.
   *
   * @param dh δh {@code [B, T, H, W, C]}, used up
   */
  void backward(Tensor dh);

  /** The neurons within the layer, in their order; h's own neurons are the stage's. */
  default List<SpikingLayer> neurons() {
    return List.of();
  }
}
