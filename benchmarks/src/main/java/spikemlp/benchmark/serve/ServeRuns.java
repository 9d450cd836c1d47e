package spikemlp.benchmark.serve;

import java.io.IOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.springframework.context.ConfigurableApplicationContext;
import spikemlp.benchmark.ProcessMemory;
import spikemlp.contract.card.WeightPrecision;
import spikemlp.inference.InferenceApplication;
import spikemlp.security.PlatformTokens;
import spikemlp.security.Scope;

/** Starts the service and its floors in this process, and loads one after the other. */
final class ServeRuns {

  private static final int CLIENTS = 16;
  private static final int OPEN_CONNECTIONS = 256;

  /** The fastest, for as long as some ten thousand requests of each kind take. */
  private static final ServedNetwork WARMING = ServedNetwork.SMALL;

  /** The compiler gets little of the cores while they are loaded. */
  private static final Duration WARM = Duration.ofSeconds(30);

  /** Of the capacity measured before. */
  private static final List<Double> SHARES = List.of(0.5, 0.8);

  private static final double OVERLOAD = 3;

  /** As long as this many loads: what grows under it has the time to. */
  private static final int OVERLOAD_LASTS = 3;

  /** Of one caller of the runtime and one of the service, so that both meet the same minutes. */
  private static final int TURNS = 10;

  private static final Duration MOST_COMPILING = Duration.ofSeconds(60);

  private static final long PAUSE_NANOS = 1_000_000_000L;
  private static final Duration TOKEN = Duration.ofHours(12);

  private final List<ServedNetwork> networks;
  private final Duration each;
  private final Path directory;
  private final Consumer<String> progress;

  /**
   * Runs to come.
   *
   * @param each how long each load of a small network lasts
   * @param directory for model files, keys and the cache
   */
  ServeRuns(
      List<ServedNetwork> networks, Duration each, Path directory, Consumer<String> progress) {
    this.networks = networks;
    this.each = each;
    this.directory = directory;
    this.progress = progress;
  }

  List<ServeRow> measure() throws IOException {
    Exported warming = export(WARMING);
    List<Exported> exported =
        networks.stream()
            .map(network -> network.equals(WARMING) ? warming : export(network))
            .toList();
    List<ServeRow> rows = new ArrayList<>();
    try (RegistryStub registry = new RegistryStub();
        EchoServer echo = new EchoServer();
        ConfigurableApplicationContext service = start(registry)) {
      String token =
          service
              .getBean(PlatformTokens.class)
              .mint("bench", Set.of(Scope.INFER, Scope.READ), TOKEN);
      int port = service.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
      warming.addTo(registry);
      warm(port, token);
      for (Exported network : exported) {
        if (!network.equals(warming)) {
          network.addTo(registry);
        }
        for (WeightPrecision precision : WeightPrecision.values()) {
          rows.add(row(network, precision, port, echo.port(), token));
        }
      }
    }
    return rows;
  }

  /** A network's two model files. */
  private record Exported(ServedNetwork network, Path fp32, Path int8) {

    void addTo(RegistryStub registry) throws IOException {
      registry.add(network, fp32, int8);
    }

    Path file(WeightPrecision precision) {
      return switch (precision) {
        case FP32 -> fp32;
        case INT8 -> int8;
      };
    }
  }

  private Exported export(ServedNetwork network) {
    return new Exported(
        network,
        network.export(WeightPrecision.FP32, directory),
        network.export(WeightPrecision.INT8, directory));
  }

  private ConfigurableApplicationContext start(RegistryStub registry) {
    return InferenceApplication.builder()
        .run(
            "--server.port=0",
            "--logging.level.root=WARN",
            "--spikemlp.security.key-directory=" + directory.resolve("keys"),
            "--spikemlp.inference.registry-url=" + registry.url(),
            "--spikemlp.inference.cache-directory=" + directory.resolve("cache"));
  }

  /** Has the compiler see every kind of request often, so that the first row is like the last. */
  private void warm(int port, String token) throws IOException {
    for (Format format : Format.values()) {
      for (WeightPrecision precision : WeightPrecision.values()) {
        byte[] request = format.request(WARMING, precision, token);
        told("  warming, " + format, new LoadGenerator(port, request).closed(CLIENTS, WARM));
      }
    }
  }

  private ServeRow row(
      Exported exported, WeightPrecision precision, int port, int echoPort, String token)
      throws IOException {
    ServedNetwork network = exported.network();
    progress.accept(network.name() + " " + precision.label());
    Duration load = each.multipliedBy(network.longer());
    int cores = Runtime.getRuntime().availableProcessors();
    Map<Format, Load> full = new EnumMap<>(Format.class);
    double capacity = 0; // of binary requests
    byte[] binary = Format.BINARY.request(network, precision, token);
    LoadGenerator service = new LoadGenerator(port, binary);
    Load raw;
    List<Load> rawTurns = new ArrayList<>();
    List<Load> serviceTurns = new ArrayList<>();
    try (RawRuntime runtime = new RawRuntime(network, exported.file(precision))) {
      rawLoad(runtime, cores, load.dividedBy(2)); // warm
      raw = told("  ONNX Runtime, " + cores + " callers", rawLoad(runtime, cores, load));
      service.closed(CLIENTS, load.dividedBy(2)); // loads and warms
      service.closed(1, load); // warms too
      letTheCompilerEnd();
      for (int turn = 0; turn < TURNS; turn++) {
        rawTurns.add(rawLoad(runtime, 1, load.dividedBy(TURNS)));
        serviceTurns.add(service.closed(1, load.dividedBy(TURNS)));
      }
    }
    Load rawAlone = told("  ONNX Runtime, 1 caller", Load.joined(rawTurns));
    Load idle = told("  service, 1 client", Load.joined(serviceTurns));
    LoadGenerator echo = new LoadGenerator(echoPort, binary);
    echo.closed(CLIENTS, each.dividedBy(4)); // warms
    Load echoAlone = told("  echo, 1 client", echo.closed(1, each));
    for (Format format : Format.values()) {
      byte[] request = format.request(network, precision, token);
      LoadGenerator loaded = new LoadGenerator(port, request);
      loaded.closed(CLIENTS, load.dividedBy(4)); // warms
      Load met = told("  service, " + format, loaded.closed(CLIENTS, load));
      full.put(format, met);
      capacity = format == Format.BINARY ? met.rate() : capacity;
    }
    Load echoes = told("  echo", echo.closed(CLIENTS, each));
    List<Load> open = new ArrayList<>();
    for (double share : SHARES) {
      open.add(told("  service, open", service.open(share * capacity, OPEN_CONNECTIONS, load)));
    }
    Overload overload = overload(service, OVERLOAD * capacity, load);
    return new ServeRow(
        network.name(), precision, rawAlone, raw, idle, echoAlone, full, echoes, open, overload);
  }

  /**
   * Waits until the compiler has worked off what loads before left it: it takes a core, which an
   * idle machine has to spare.
   */
  private static void letTheCompilerEnd() {
    CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    long end = System.nanoTime() + MOST_COMPILING.toNanos();
    long before = -1;
    for (long now = 0; now != before && System.nanoTime() < end; ) {
      before = now;
      LockSupport.parkNanos(PAUSE_NANOS);
      now = compiler.getTotalCompilationTime();
    }
  }

  private Overload overload(LoadGenerator service, double rate, Duration load) throws IOException {
    ProcessMemory before = ProcessMemory.ofThisProcess();
    Load met =
        told(
            "  service, open",
            service.open(rate, OPEN_CONNECTIONS, load.multipliedBy(OVERLOAD_LASTS)));
    ProcessMemory afterwards = ProcessMemory.ofThisProcess();
    LockSupport.parkNanos(PAUSE_NANOS);
    return new Overload(
        met, before, afterwards, told("  service, 1 client, after", service.closed(1, load)));
  }

  private Load told(String what, Load load) {
    progress.accept(ServeReport.line(what, load));
    return load;
  }

  private static Load rawLoad(RawRuntime runtime, int callers, Duration duration) {
    long start = System.nanoTime();
    try (ExecutorService threads = Executors.newFixedThreadPool(callers)) {
      List<Future<Latency>> loops =
          Stream.generate(() -> threads.submit(() -> loop(runtime, start, duration.toNanos())))
              .limit(callers)
              .toList();
      List<Latency> latencies = new ArrayList<>();
      for (Future<Latency> loop : loops) {
        latencies.add(loop.get());
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      return new Load(0, seconds, 0, 0, 0, Latency.joined(latencies.stream()), Latency.NONE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the loop was interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a loop failed: " + e.getCause(), e);
    }
  }

  private static Latency loop(RawRuntime runtime, long start, long length) {
    LongStream.Builder latencies = LongStream.builder();
    for (long now = System.nanoTime(); now - start < length; ) {
      runtime.run();
      long after = System.nanoTime();
      latencies.add(after - now);
      now = after;
    }
    return new Latency(latencies.build());
  }
}
