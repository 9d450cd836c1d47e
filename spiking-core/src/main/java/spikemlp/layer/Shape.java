package spikemlp.layer;

import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.StageShape;

/**
 * What a stage's layers need to know of the network.
 *
 * @param config the network
 * @param stage the stage's grid and channels
 */
public record Shape(NetworkConfig config, StageShape stage) {

  int timeSteps() {
    return config.timeSteps();
  }

  int channels() {
    return stage.channels();
  }

  /** M, neurons a step of one token-sized layer. */
  int neurons() {
    return stage.channels() * stage.tokens();
  }

  /** Rows a sample: T·H·W. */
  int rows() {
    return config.timeSteps() * stage.tokens();
  }

  /** Numbers in a buffer {@code [B, T, H, W, channels]}. */
  long size(Execution execution, int channels) {
    return (long) execution.batch() * rows() * channels;
  }

  /** Normalisation over channels of a layer with T steps. */
  BatchNorm norm(Execution execution, Parameters parameters, NormWeight weight) {
    int neurons = weight.features() * stage.tokens();
    return norm(execution, parameters, weight, 1, neurons);
  }

  /** Normalisation of features with {@code inner} numbers after them. */
  BatchNorm norm(
      Execution execution, Parameters parameters, NormWeight weight, int inner, int neurons) {
    return new BatchNorm(
        execution,
        parameters,
        weight,
        inner,
        timeSteps(),
        neurons,
        1,
        config.bnEps(),
        config.bnMomentum());
  }
}
