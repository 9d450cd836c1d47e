package spikemlp.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import spikemlp.frontdoor.FrontDoorApplication;
import spikemlp.inference.InferenceApplication;
import spikemlp.postgres.EmbeddedPostgres;
import spikemlp.postgres.PostgresException;
import spikemlp.registry.RegistryApplication;
import spikemlp.security.PlatformKey;
import spikemlp.security.PlatformKeyException;
import spikemlp.security.PlatformTokens;
import spikemlp.security.Scope;
import spikemlp.trainer.TrainerApplication;

/**
 * The platform in this process: PostgreSQL, the three services and the front door, on loopback.
 * Owns them until {@link #close()}, which ends them in the opposite order.
 */
final class Platform implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Platform.class);

  private final Home home;
  private final Consumer<String> notices;
  private final Deque<Part> parts = new ArrayDeque<>();
  private final Map<String, ConfigurableApplicationContext> contexts = new LinkedHashMap<>();
  private URI url = URI.create("http://127.0.0.1");
  private boolean closed;

  private record Part(String name, AutoCloseable what) {}

  /**
   * A platform that has yet to be started.
   *
   * @param notices gets a line for people when something happens to it while it is up
   */
  Platform(Home home, Consumer<String> notices) {
    this.home = home;
    this.notices = notices;
  }

  /**
   * Starts everything.
   *
   * @param port of the front door; 0 for any free one
   * @param dataRoots folders and files that jobs may train on, beside those the home remembers
   * @throws LauncherException if the port or the home is in use, or a part does not start
   */
  void start(int port, List<Path> dataRoots) {
    checkPort(port);
    try {
      startParts(port, dataRoots);
    } catch (IOException e) {
      close();
      throw new LauncherException("the home cannot be written: " + Home.reason(e), e);
    } catch (PostgresException | PlatformKeyException e) {
      close();
      throw new LauncherException(String.valueOf(e.getMessage()), e);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static void checkPort(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
    } catch (IOException | IllegalArgumentException e) {
      throw new LauncherException(
          "port "
              + port
              + " cannot be used ("
              + e.getMessage()
              + "); choose another with --port, or --port 0 for any free one",
          e);
    }
  }

  private synchronized void startParts(int port, List<Path> dataRoots) throws IOException {
    if (closed) {
      throw new LauncherException("stopped before it was started");
    }
    Home.Lock lock = home.lock();
    parts.push(new Part("home", lock));
    lock.announce("starting");
    List<Path> roots = DataRoots.with(home.dataRoots(), dataRoots);
    PlatformKey.loadOrCreate(home.keys());
    EmbeddedPostgres postgres = EmbeddedPostgres.start(home.postgres(), notices);
    parts.push(new Part("PostgreSQL", postgres));
    postgres.createDatabaseIfAbsent("trainer");
    postgres.createDatabaseIfAbsent("registry");

    URI registry =
        run(
            "registry",
            RegistryApplication.builder(),
            0,
            with(
                database(postgres, "registry"),
                "--spikemlp.registry.artifact-directory=" + home.artifacts()));
    URI inference =
        run(
            "inference",
            InferenceApplication.builder(),
            0,
            List.of(
                "--spikemlp.inference.registry-url=" + registry,
                "--spikemlp.inference.cache-directory=" + home.cache()));
    List<String> trainerSettings =
        with(
            database(postgres, "trainer"),
            "--spikemlp.trainer.work-directory=" + home.work(),
            "--spikemlp.trainer.registry-url=" + registry,
            "--spikemlp.trainer.stop-timeout=20s");
    for (int i = 0; i < roots.size(); i++) {
      trainerSettings.add("--spikemlp.trainer.data-roots[" + i + "]=" + roots.get(i));
    }
    URI trainer = run("trainer", TrainerApplication.builder(), 0, trainerSettings);
    url =
        run(
            "frontdoor",
            FrontDoorApplication.builder(),
            port,
            List.of(
                "--spikemlp.frontdoor.trainer-url=" + trainer,
                "--spikemlp.frontdoor.registry-url=" + registry,
                "--spikemlp.frontdoor.inference-url=" + inference));
    lock.announce(url.toString());
    LOG.info("the platform is ready at {}", url);
  }

  private static List<String> database(EmbeddedPostgres postgres, String name) {
    return List.of(
        "--spring.datasource.url=" + postgres.jdbcUrl(name),
        "--spring.datasource.username=" + postgres.username(),
        "--spring.datasource.password=" + postgres.password());
  }

  private static List<String> with(List<String> settings, String... more) {
    List<String> all = new ArrayList<>(settings);
    all.addAll(List.of(more));
    return all;
  }

  private URI run(String name, SpringApplicationBuilder builder, int port, List<String> settings) {
    List<String> all =
        with(
            settings,
            "--server.address=127.0.0.1",
            "--server.port=" + port,
            "--spring.main.banner-mode=off",
            "--spring.lifecycle.timeout-per-shutdown-phase="
                + (name.equals("trainer") ? "25s" : "5s"),
            "--spikemlp.security.key-directory=" + home.keys());
    try {
      ConfigurableApplicationContext context =
          builder.registerShutdownHook(false).run(all.toArray(String[]::new));
      parts.push(new Part(name, context));
      contexts.put(name, context);
      return URI.create(
          "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"));
    } catch (RuntimeException e) {
      LOG.error("{} did not start", name, e);
      Throwable root = e;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      throw new LauncherException(
          "the "
              + name
              + " service did not start: "
              + root.getMessage()
              + "; see "
              + home.logFile(),
          e);
    }
  }

  /** The front door, such as {@code http://127.0.0.1:8080}. */
  URI url() {
    return url;
  }

  Home home() {
    return home;
  }

  /** The services' contexts by name: registry, inference, trainer, frontdoor. */
  Map<String, ConfigurableApplicationContext> contexts() {
    return Map.copyOf(contexts);
  }

  /** Mints a token with the platform's key. */
  String token(String subject, Set<Scope> scopes, Duration lifetime) {
    return tokens(home).mint(subject, scopes, lifetime);
  }

  static PlatformTokens tokens(Home home) {
    return new PlatformTokens(PlatformKey.loadOrCreate(home.keys()), Clock.systemUTC());
  }

  /** The API with a token of every scope. */
  Api api() {
    return new Api(url, () -> token("launcher", EnumSet.of(Scope.ADMIN), Duration.ofMinutes(10)));
  }

  /** Stops everything, the front door first and PostgreSQL last; nothing the second time. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      while (!parts.isEmpty()) {
        Part part = parts.pop();
        try {
          part.what().close();
        } catch (Exception e) {
          LOG.error("{} did not stop cleanly", part.name(), e);
        }
      }
      LOG.info("the platform has stopped");
    }
  }
}
