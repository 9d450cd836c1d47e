package spikemlp.layer;

import java.util.List;
import java.util.Optional;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.StageShape;
import spikemlp.kernel.Charge;
import spikemlp.kernel.Current;
import spikemlp.kernel.Tensor;
import spikemlp.neuron.LifNeuron;

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

  /** Neurons that fire of {@code y}, normalised, and of skips that join it. */
  SpikingLayer neurons(
      Execution execution, String name, int width, BatchNorm norm, Tensor y, List<Current> skips) {
    return new SpikingLayer(
        execution,
        name,
        LifNeuron.of(config),
        new Charge(timeSteps(), stage.tokens(), width, norm.current(y), skips),
        Optional.of(norm));
  }

  /** Neurons that a state flows into as it is. */
  public SpikingLayer neurons(Execution execution, String name, int width, Current state) {
    return new SpikingLayer(
        execution,
        name,
        LifNeuron.of(config),
        new Charge(timeSteps(), stage.tokens(), width, state, List.of()),
        Optional.empty());
  }

  /** Normalisation over channels of a layer with T steps. */
  BatchNorm norm(Execution execution, Parameters parameters, NormWeight weight) {
    return norm(execution, parameters, weight, 1, weight.features());
  }

  /** Normalisation of features with {@code inner} numbers after them. */
  BatchNorm norm(
      Execution execution, Parameters parameters, NormWeight weight, int inner, int width) {
    return new BatchNorm(
        execution,
        parameters,
        weight,
        inner,
        new BatchNorm.Layout(timeSteps(), stage.tokens(), width, 1),
        config.bnEps(),
        config.bnMomentum());
  }
}
