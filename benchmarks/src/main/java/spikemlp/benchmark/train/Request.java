package spikemlp.benchmark.train;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import spikemlp.contract.network.NetworkConfig;

/** What the driver asks of a worker: one line of JSON, answered by one {@link Reply}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "command")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Request.Load.class, name = "load"),
  @JsonSubTypes.Type(value = Request.Gradients.class, name = "gradients"),
  @JsonSubTypes.Type(value = Request.Train.class, name = "train"),
  @JsonSubTypes.Type(value = Request.Evaluate.class, name = "evaluate"),
  @JsonSubTypes.Type(value = Request.Memory.class, name = "memory"),
  @JsonSubTypes.Type(value = Request.Quit.class, name = "quit")
})
public sealed interface Request {

  /** In which precision a worker computes. */
  enum NumberFormat {
    /** 32-bit. */
    SINGLE,
    /** 64-bit, to compare gradients. */
    DOUBLE
  }

  /**
   * Builds the network and reads the batch; what was loaded before is freed. Answered by {@link
   * Reply.Done}.
   *
   * @param network the network
   * @param weights a safetensors file with every weight and running statistic by canonical name
   * @param batch a safetensors file with {@code images} {@code [B, 3, H, W]}, normalised, and
   *     {@code labels} {@code [B]}
   * @param format the precision
   * @param threads how many threads compute
   * @param settings one of the worker's own {@link Reply.Ready#settings()}
   */
  record Load(
      NetworkConfig network,
      String weights,
      String batch,
      NumberFormat format,
      int threads,
      String settings)
      implements Request {}

  /**
   * Forward and backward in training mode, without an update. Writes to a safetensors file: {@code
   * logits} {@code [T, B, K]}, {@code loss} [1], {@code grad/<parameter>} and {@code
   * spikes/<neuron>} {@code [B]}, summed over T. Answered by {@link Reply.Done}.
   *
   * @param file the file
   */
  record Gradients(String file) implements Request {}

  /**
   * Whole training steps on the batch: forward, loss, backward and the update of SGD with momentum.
   * Answered by {@link Reply.Times}.
   *
   * @param steps how many
   */
  record Train(int steps) implements Request {}

  /**
   * Forward in inference mode, as a user of the product would get it. Answered by {@link
   * Reply.Times}.
   *
   * @param batches how often
   */
  record Evaluate(int batches) implements Request {}

  /** The process's memory. Answered by {@link Reply.MemoryUse}. */
  record Memory() implements Request {}

  /** Ends the worker. Answered by {@link Reply.Done}. */
  record Quit() implements Request {}
}
