package spikemlp.trainer.job;

import java.util.Objects;

/**
 * How far committed training has come.
 *
 * @param file the checkpoint's name in the job's directory
 * @param batches mini-batches it holds, over all epochs
 * @param epoch sums over the part of the current epoch that it holds
 * @param brokenOff sums over the part that it holds of a segment that ended early; none if its last
 *     segment is whole
 */
record TrainingCheckpoint(String file, long batches, EpochSums epoch, EpochSums brokenOff) {

  @SuppressWarnings("NullableProblems") // the JSON of older checkpoints has no such field
  TrainingCheckpoint {
    brokenOff = Objects.requireNonNullElse(brokenOff, EpochSums.NONE);
  }

  /** A checkpoint whose last segment is whole. */
  TrainingCheckpoint(String file, long batches, EpochSums epoch) {
    this(file, batches, epoch, EpochSums.NONE);
  }

  /**
   * Sums over mini-batches, weighted by their images.
   *
   * @param images images trained on
   * @param loss Σ loss · images
   * @param correct Σ accuracy · images
   * @param nanos time spent
   */
  record EpochSums(long images, double loss, double correct, long nanos) {

    static final EpochSums NONE = new EpochSums(0, 0, 0, 0);

    EpochSums plus(long moreImages, double meanLoss, double accuracy, long moreNanos) {
      return new EpochSums(
          images + moreImages,
          loss + meanLoss * moreImages,
          correct + accuracy * moreImages,
          nanos + moreNanos);
    }

    double meanLoss() {
      return images == 0 ? 0 : loss / images;
    }

    double accuracy() {
      return images == 0 ? 0 : correct / images;
    }

    double imagesPerSecond() {
      return nanos == 0 ? 0 : images * 1e9 / nanos;
    }
  }
}
