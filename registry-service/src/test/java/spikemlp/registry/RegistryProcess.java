package spikemlp.registry;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import spikemlp.postgres.TestDatabase;
import spikemlp.security.PlatformKey;
import spikemlp.security.PlatformTokens;
import spikemlp.security.Scope;

/** A registry in a process of its own, which may be killed, or given a small heap. */
public final class RegistryProcess implements AutoCloseable {

  private final Process process;
  private final BufferedReader out;
  private final URI base;
  private final PlatformTokens tokens;

  /** The process: prints its port, and for each line of its input the bytes of heap in use. */
  public static final class Main {
    private Main() {}

    public static void main(String[] arguments) throws IOException {
      ServletWebServerApplicationContext context =
          (ServletWebServerApplicationContext) RegistryApplication.builder().run(arguments);
      System.out.println("port " + context.getWebServer().getPort());
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      while (in.readLine() != null) {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        System.out.println("used " + (runtime.totalMemory() - runtime.freeMemory()));
      }
    }
  }

  /**
   * Starts one and waits until it serves.
   *
   * @param heapBytes its largest heap
   */
  public RegistryProcess(TestDatabase database, Path directory, long heapBytes, String... settings)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx" + heapBytes,
                "-XX:MaxDirectMemorySize=16m",
                Main.class.getName()));
    command.addAll(
        Stream.concat(RunningRegistry.arguments(database, directory).stream(), Stream.of(settings))
            .toList());
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    process = builder.redirectError(directory.resolve("stderr.log").toFile()).start();
    out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    base = URI.create("http://127.0.0.1:" + answer("port "));
    tokens =
        new PlatformTokens(PlatformKey.loadOrCreate(directory.resolve("keys")), Clock.systemUTC());
  }

  private String answer(String prefix) throws IOException {
    StringBuilder log = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(prefix)) {
        return line.substring(prefix.length());
      }
      log.append(line).append('\n');
    }
    throw new IOException("the registry ended: " + log);
  }

  public URI base() {
    return base;
  }

  public String token() {
    return tokens.mint("tester", Set.of(Scope.ADMIN), Duration.ofMinutes(30));
  }

  /** Bytes of heap in use after a collection. */
  public long usedHeap() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
    return Long.parseLong(answer("used "));
  }

  /** As {@code kill -9}. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
