package spikemlp.kernel;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.Nd4jBlas;

/**
 * Loads ND4J's native library, once, in the build that this CPU can run.
 *
 * <p>The class path holds three builds: plain, AVX2 and AVX-512. JavaCPP would take the first it
 * finds, and one for another CPU ends the process with an illegal instruction; so the build is
 * chosen from the CPU's own flags before any class of ND4J is touched.
 *
 * <p>OpenBLAS gets one thread: products are cut into slices that do not depend on the number of
 * threads, and {@link Workers} computes the slices in parallel, so that results are the same bits
 * on one core and on many.
 *
 * <p>System properties: {@code spikemlp.threads} (default: the cores, at most 8).
 */
public final class NativeBackend {

  private static final Logger LOG = System.getLogger(NativeBackend.class.getName());
  private static final String EXTENSION = "org.bytedeco.javacpp.platform.extension";
  private static final Set<String> AVX2 = Set.of("avx2", "fma", "f16c");
  private static final Set<String> AVX512 =
      Set.of("avx512f", "avx512vl", "avx512bw", "avx512dq", "avx512cd");
  private static final int THREADS =
      Math.max(
          1,
          Integer.getInteger(
              "spikemlp.threads", Math.min(8, Runtime.getRuntime().availableProcessors())));

  static {
    load();
  }

  private NativeBackend() {}

  /** Sees to it that ND4J is loaded as this class wants it. */
  static void ensureLoaded() {
    // The static initialiser has done it.
  }

  /** How many threads compute at once. */
  static int threads() {
    return THREADS;
  }

  private static void load() {
    String extension = extensionFor(cpuFlags(Path.of("/proc/cpuinfo")));
    setDefault(EXTENSION, extension);
    // Native memory is freed by its owners, so JavaCPP's own limits only have to stay out of the
    // way; it would otherwise take the Java heap's size as the limit for native memory.
    setDefault("org.bytedeco.javacpp.maxbytes", "0");
    setDefault("org.bytedeco.javacpp.maxphysicalbytes", "0");
    setDefault("org.nd4j.log.initialization", "false");
    Nd4j.getMemoryManager().togglePeriodicGc(false);
    if (Nd4j.factory().blas() instanceof Nd4jBlas blas) {
      blas.setMaxThreads(1);
    }
    LOG.log(
        Level.INFO,
        "ND4J loaded, build ''{0}'', {1} threads",
        System.getProperty(EXTENSION, extension),
        THREADS);
  }

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /** The library build for a CPU with those flags; empty for the plain one. */
  static String extensionFor(Set<String> flags) {
    if (!flags.containsAll(AVX2)) {
      return "";
    }
    return flags.containsAll(AVX512) ? "-avx512" : "-avx2";
  }

  /** The CPU's flags as Linux lists them; none where there is no such file. */
  static Set<String> cpuFlags(Path cpuinfo) {
    if (!Files.isReadable(cpuinfo)) {
      return Set.of();
    }
    try {
      List<String> lines = Files.readAllLines(cpuinfo, StandardCharsets.UTF_8);
      return lines.stream()
          .filter(line -> line.startsWith("flags"))
          .findFirst()
          .map(line ->
              Set.copyOf(Arrays.asList(line.substring(line.indexOf(':') + 1).trim().split("\\s+"))))
          .orElse(Set.of());
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot read the CPU's flags; using ND4J's plain build", e);
      return Set.of();
    }
  }
}
