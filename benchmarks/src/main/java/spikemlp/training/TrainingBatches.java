package spikemlp.training;

import spikemlp.contract.image.InputSpec;
import spikemlp.contract.job.TrainingPlan;
import spikemlp.data.ImageDataSet;

/** A run's mini-batches, which training keeps to itself. */
public final class TrainingBatches {

  private final Batches batches;

  public TrainingBatches(ImageDataSet images, TrainingPlan plan, InputSpec input) {
    this.batches = new Batches(images, plan, input);
  }

  /** The inputs of batch {@code number}, {@code [B, 3, H, W]}, on the calling thread. */
  public float[] inputs(long number) {
    return batches.at(number).images();
  }
}
