package spikemlp.benchmark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.benchmark.ProcessMemory;
import spikemlp.checkpoint.Safetensors;
import spikemlp.checkpoint.SafetensorsFile;
import spikemlp.contract.card.NeuronLayer;
import spikemlp.contract.card.Topology;
import spikemlp.contract.network.NetworkConfig;

/** The protocol against the core's real process. */
final class WorkerProcessTest {

  private static final Workload TINY =
      new Workload("tiny", NetworkConfig.of(8, 8, 2, 6, List.of(1, 1), 3), 2);

  @TempDir private Path directory;

  private WorkerProcess start(Contestant contestant) {
    return new WorkerProcess(contestant, directory.resolve("log"));
  }

  private Request.Load load(WorkerProcess worker, int threads) {
    return new Inputs(directory)
        .load(TINY, Request.NumberFormat.DOUBLE, threads, worker.ready().settings().getFirst());
  }

  @Test
  void answersEveryRequest() {
    Path file = directory.resolve("gradients");
    try (WorkerProcess worker = start(Contestant.core(1))) {
      worker.load(load(worker, 1));
      worker.gradients(file);
      assertThat(worker.run(Task.TRAIN, 2).milliseconds()).hasSize(2).allMatch(ms -> ms > 0);
      assertThat(worker.run(Task.EVALUATE, 3).milliseconds()).hasSize(3).allMatch(ms -> ms > 0);
      assertThat(worker.run(Task.TRAIN, 1).heapBytes()).isPositive();
      ProcessMemory memory = worker.memory();
      assertThat(memory.residentBytes()).isPositive();
      assertThat(memory.peakResidentBytes()).isGreaterThanOrEqualTo(memory.residentBytes());
    }
    SafetensorsFile gradients = Safetensors.read(file);
    assertThat(gradients.doubles("logits").shape()).containsExactly(4, 2, 3);
    assertThat(gradients.doubles("grad/stages.0.patch.conv.weight").shape())
        .containsExactly(6, 3, 2, 2);
    for (NeuronLayer layer : Topology.of(TINY.network()).neurons()) {
      assertThat(gradients.longs("spikes/" + layer.name()).values()).hasSize(2);
    }
    GradientComparison same = GradientComparison.of(file, file);
    assertThat(same.error()).isZero();
  }

  @Test
  void whatItCannotDoIsSaidAndItGoesOn() {
    try (WorkerProcess worker = start(Contestant.core(1))) {
      assertThatThrownBy(() -> worker.run(Task.TRAIN, 1))
          .isInstanceOf(WorkerException.class)
          .hasMessageContaining("nothing is loaded");
      assertThatThrownBy(() -> worker.load(load(worker, 2)))
          .isInstanceOf(WorkerException.class)
          .hasMessageContaining("-Dspikemlp.threads=2");
      worker.load(load(worker, 1));
    }
  }

  @Test
  void aThreadDumpInBetweenIsNoReply() throws IOException {
    Contestant core = Contestant.core(1);
    try (WorkerProcess worker = start(core)) {
      worker.load(load(worker, 1));
      ProcessHandle process =
          ProcessHandle.current()
              .children()
              .filter(ProcessHandle::isAlive)
              .findFirst()
              .orElseThrow();
      new ProcessBuilder("kill", "-QUIT", Long.toString(process.pid())).start().onExit().join();
      assertThat(worker.run(Task.TRAIN, 20).milliseconds()).hasSize(20);
    }
  }

  @Test
  void aProcessThatDoesNotStartIsExplainedByItsLog() {
    Contestant core = Contestant.core(1);
    List<String> command = List.of(core.command().getFirst(), "no.such.Worker");
    Contestant broken = new Contestant("the broken one", command, Map.of());
    assertThatThrownBy(() -> start(broken))
        .isInstanceOf(WorkerException.class)
        .hasMessageContaining("the broken one")
        .hasMessageContaining("no.such.Worker");
  }

  @Test
  void anUnknownNameIsRefused() {
    assertThat(Bench.commandLine().execute("train", "--only", "large-1024")).isEqualTo(1);
    assertThat(Bench.commandLine().execute("train", "--fast")).isEqualTo(2);
    assertThat(Bench.commandLine().execute("train", "--help")).isZero();
  }
}
