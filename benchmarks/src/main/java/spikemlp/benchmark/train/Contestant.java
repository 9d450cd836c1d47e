package spikemlp.benchmark.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How a worker's process is started.
 *
 * @param name for messages
 * @param command the command line
 * @param environment variables besides the driver's own
 */
record Contestant(String name, List<String> command, Map<String, String> environment) {

  /** The environment variable with the peer's class path. */
  static final String PEER_CLASS_PATH = "SPIKEMLP_PEER_CLASSPATH";

  private static final List<String> JVM =
      List.of(
          Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "-XX:+UseSerialGC",
          "-Xmx2g",
          "-XX:ObjectAlignmentInBytes=32",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "--add-modules",
          "jdk.incubator.vector");

  Contestant {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /** How the peer's C library keeps memory. */
  enum Allocator {
    /** As it is: large tensors are fresh memory each time. */
    STOCK,
    /** Told to keep and reuse what was freed, as PyTorch's tuning guide wants an allocator to. */
    REUSING
  }

  /** The core, on so many threads. */
  static Contestant core(int threads) {
    List<String> command = new ArrayList<>(JVM);
    command.add("-Dspikemlp.threads=" + threads);
    command.add(CoreWorker.class.getName());
    return new Contestant(
        "the core",
        command,
        Map.of("CLASSPATH", System.getProperty("java.class.path"), "OMP_WAIT_POLICY", "passive"));
  }

  /**
   * libtorch.
   *
   * @throws WorkerException if this process does not know its class path
   */
  static Contestant libtorch(Allocator allocator) {
    String classPath = System.getenv(PEER_CLASS_PATH);
    if (classPath == null) {
      throw new WorkerException(
          PEER_CLASS_PATH
              + " is not set: where is the peer? Run the benchmark by './spikemlp bench train'.");
    }
    List<String> command = new ArrayList<>(JVM);
    // JavaCPP's own bookkeeping off: native memory is freed by its owners.
    command.add("-Dorg.bytedeco.javacpp.maxbytes=0");
    command.add("-Dorg.bytedeco.javacpp.maxphysicalbytes=0");
    command.add("-Dorg.bytedeco.javacpp.nopointergc=true");
    command.add("spikemlp.benchmark.libtorch.LibtorchWorker");
    Map<String, String> environment = new HashMap<>();
    environment.put("CLASSPATH", classPath);
    environment.put("OMP_WAIT_POLICY", "passive");
    if (allocator == Allocator.REUSING) {
      environment.put("MALLOC_MMAP_THRESHOLD_", "4294967296");
      environment.put("MALLOC_TRIM_THRESHOLD_", "17179869184");
    }
    return new Contestant("the peer", command, environment);
  }
}
