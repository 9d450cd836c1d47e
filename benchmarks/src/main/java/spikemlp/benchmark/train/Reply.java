package spikemlp.benchmark.train;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import spikemlp.benchmark.ProcessMemory;

/** What a worker answers: one line of JSON. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "reply")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Reply.Ready.class, name = "ready"),
  @JsonSubTypes.Type(value = Reply.Done.class, name = "done"),
  @JsonSubTypes.Type(value = Reply.Times.class, name = "times"),
  @JsonSubTypes.Type(value = Reply.MemoryUse.class, name = "memory"),
  @JsonSubTypes.Type(value = Reply.Failed.class, name = "failed")
})
public sealed interface Reply {

  /**
   * The first line, unasked.
   *
   * @param version what computes, with its version
   * @param settings ways in which the worker can compute the same, the likely best first
   */
  record Ready(String version, List<String> settings) implements Reply {
    public Ready {
      settings = List.copyOf(settings);
    }
  }

  /** What was asked is done. */
  record Done() implements Reply {}

  /**
   * How long each took.
   *
   * @param milliseconds each one's
   * @param heapBytes allocated on the Java heap for each, all threads together, on average
   */
  record Times(List<Double> milliseconds, long heapBytes) implements Reply {
    public Times {
      milliseconds = List.copyOf(milliseconds);
    }
  }

  /**
   * The worker's memory.
   *
   * @param process as the kernel counts it
   */
  record MemoryUse(ProcessMemory process) implements Reply {}

  /**
   * It could not be done.
   *
   * @param message why
   */
  record Failed(String message) implements Reply {}
}
