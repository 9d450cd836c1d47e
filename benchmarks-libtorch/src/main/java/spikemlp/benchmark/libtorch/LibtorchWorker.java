package spikemlp.benchmark.libtorch;

import java.io.IOException;
import spikemlp.benchmark.train.WorkerLoop;

/** The peer's process. */
public final class LibtorchWorker {

  private LibtorchWorker() {}

  public static void main(String[] arguments) throws IOException {
    WorkerLoop.serve(new LibtorchPeer());
  }
}
