package spikemlp.benchmark.train;

import java.nio.file.Path;
import java.util.List;

/**
 * A trainer under measurement. Used by one thread. The methods answer the {@link Request} of their
 * name; {@link #load} comes first.
 */
public interface TrainingPeer extends AutoCloseable {

  /** η of {@link #train}: so small that the network fires as it did however long one measures. */
  double LEARNING_RATE = 1e-4;

  /** μ of {@link #train}. */
  double MOMENTUM = 0.9;

  /** What computes, with its version. */
  String version();

  /** Ways in which it can compute the same, the likely best first; at least one. */
  List<String> settings();

  /**
   * Builds the network and reads the batch.
   *
   * @throws IllegalArgumentException if the network, the threads or the settings cannot be had
   */
  void load(Request.Load load);

  /** Writes logits, loss, gradients and spike counts of a step in training mode. */
  void gradients(Path file);

  /** One training step. */
  void train();

  /** One forward pass in inference mode. */
  void evaluate();

  @Override
  void close();
}
