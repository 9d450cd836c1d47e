package spikemlp.benchmark;

import java.util.List;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.job.Augmentation;
import spikemlp.contract.job.TrainingPlan;
import spikemlp.contract.network.Loss;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.data.DataSources;
import spikemlp.data.ImageDataSet;

/** The network and the images that the benchmarks share: the small preset on drawn digits. */
final class SmallPreset {

  private SmallPreset() {}

  /** 32×32, patch 4, C₁ = 48, depths {2, 2}, T = 4, ten classes. */
  static NetworkConfig network(int timeSteps) {
    return NetworkConfig.of(32, 32, 4, 48, List.of(2, 2), 10).withTimeSteps(timeSteps);
  }

  static ImageDataSet digits(int count) {
    return DataSources.digits(count, count, 1).load(32, 32, InputSpec.Fit.COVER, 1).train();
  }

  /** More epochs than a benchmark runs, at a learning rate that keeps the spikes alive. */
  static TrainingPlan plan(int batchSize) {
    return new TrainingPlan(
        100_000, batchSize, 0.05, 0.9, 0, Loss.MEAN, 0.05, Augmentation.CROP_AND_FLIP, 1);
  }
}
