package spikemlp.benchmark.train;

import java.io.IOException;

/** The core's process. */
public final class CoreWorker {

  private CoreWorker() {}

  public static void main(String[] arguments) throws IOException {
    WorkerLoop.serve(new CorePeer());
  }
}
