package spikemlp.trainer.job;

import java.util.List;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.job.TrainingPlan;
import spikemlp.contract.network.NetworkConfig;

/**
 * What {@code prepareData} found out; together with the data of that hash it determines the job's
 * weights.
 *
 * @param network the network to train
 * @param plan how
 * @param input how pictures become its input; mean and std are the training images'
 * @param labels the classes' names, index = class
 * @param dataSet the data set's name
 * @param contentHash SHA-256 over the data set's content, hexadecimal
 * @param skipped pictures left out, with the reason
 */
record PreparedJob(
    NetworkConfig network,
    TrainingPlan plan,
    InputSpec input,
    List<String> labels,
    String dataSet,
    String contentHash,
    int trainImages,
    int testImages,
    List<String> skipped) {

  PreparedJob {
    labels = List.copyOf(labels);
    skipped = List.copyOf(skipped);
  }
}
