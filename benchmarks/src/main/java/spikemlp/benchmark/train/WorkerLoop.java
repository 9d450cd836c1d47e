package spikemlp.benchmark.train;

import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import spikemlp.benchmark.ProcessMemory;
import tools.jackson.databind.json.JsonMapper;

/** A worker's main loop: reads requests from standard input and answers on standard output. */
public final class WorkerLoop {

  private static final JsonMapper JSON = JsonMapper.shared();
  private final TrainingPeer peer;
  private final PrintStream replies;

  private WorkerLoop(TrainingPeer peer, PrintStream replies) {
    this.peer = peer;
    this.replies = replies;
  }

  /**
   * Serves until told to quit or the driver is gone. Whatever else is printed in this process goes
   * to standard error.
   */
  public static void serve(TrainingPeer peer) throws IOException {
    PrintStream replies = System.out;
    System.setOut(System.err);
    try (peer;
        BufferedReader requests =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      new WorkerLoop(peer, replies).run(requests);
    }
  }

  private void run(BufferedReader requests) throws IOException {
    say(new Reply.Ready(peer.version(), peer.settings()));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      Request request = JSON.readValue(line, Request.class);
      say(answer(request));
      if (request instanceof Request.Quit) {
        return;
      }
    }
  }

  private Reply answer(Request request) {
    try {
      return switch (request) {
        case Request.Load load -> {
          peer.load(load);
          yield new Reply.Done();
        }
        case Request.Gradients gradients -> {
          peer.gradients(Path.of(gradients.file()));
          yield new Reply.Done();
        }
        case Request.Train train -> time(train.steps(), peer::train);
        case Request.Evaluate evaluate -> time(evaluate.batches(), peer::evaluate);
        case Request.Memory _ -> memory();
        case Request.Quit _ -> new Reply.Done();
      };
    } catch (IOException | RuntimeException e) {
      e.printStackTrace();
      return new Reply.Failed(e.toString());
    }
  }

  private static Reply time(int times, Runnable what) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    List<Double> milliseconds = new ArrayList<>(times);
    long allocated = threads.getTotalThreadAllocatedBytes();
    for (int i = 0; i < times; i++) {
      long start = System.nanoTime();
      what.run();
      milliseconds.add((System.nanoTime() - start) / 1e6);
    }
    allocated = threads.getTotalThreadAllocatedBytes() - allocated;
    return new Reply.Times(milliseconds, allocated / Math.max(1, times));
  }

  private static Reply memory() throws IOException {
    return new Reply.MemoryUse(ProcessMemory.ofThisProcess());
  }

  private void say(Reply reply) {
    replies.println(JSON.writeValueAsString(reply));
    replies.flush();
  }
}
