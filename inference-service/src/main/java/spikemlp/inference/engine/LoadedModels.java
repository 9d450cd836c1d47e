package spikemlp.inference.engine;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import spikemlp.contract.card.ModelCard;

/**
 * The versions in memory, at most {@code bound}; past it the one unused longest goes. Each is
 * loaded once however many ask for it, beside the others, and closed after its last user. A load
 * that failed is not tried again for a while.
 *
 * <p>Thread-safe; {@code this} guards the maps and every entry's count of users.
 */
public final class LoadedModels implements AutoCloseable {

  /** How long a failed load answers with its failure before it is tried again. */
  static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(LoadedModels.class);
  private static final int LOADERS = 2;

  private final int bound;
  private final Clock clock;
  private final RunWatch watch = new RunWatch();
  private final Map<ServedVersion, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<ServedVersion, Failure> failures = new LinkedHashMap<>();
  private final ExecutorService loaders =
      Executors.newFixedThreadPool(
          LOADERS, Thread.ofPlatform().daemon().name("model-loader-", 0).factory());
  private boolean closed;
  private int open;

  /**
   * No version loaded yet.
   *
   * @param bound versions kept, at least 1; one still in use when it goes stays until it is free
   */
  public LoadedModels(int bound, Clock clock) {
    if (bound < 1) {
      throw new IllegalArgumentException("at least 1 version is loaded, not " + bound);
    }
    this.bound = bound;
    this.clock = clock;
  }

  /**
   * A version in memory.
   *
   * @param card what its file says of it
   * @param loadedAt when it was ready
   */
  public record Loaded(ServedVersion version, ModelCard card, Instant loadedAt) {}

  /** The use of a loaded version, until closed. */
  public final class Lease implements AutoCloseable {
    private final ServedVersion version;
    private final Entry entry;
    private final OnnxModel model;
    private boolean returned;

    private Lease(ServedVersion version, Entry entry, OnnxModel model) {
      this.version = version;
      this.entry = entry;
      this.model = model;
    }

    public ServedVersion version() {
      return version;
    }

    public ModelCard card() {
      return model.card();
    }

    /**
     * Computes a batch of normalised images {@code [B, 3, H, W]}.
     *
     * @throws DeadlineExceededException if it took longer than allowed
     * @throws UnusableModelException if ONNX Runtime fails, or a logit is not finite
     */
    public Outputs infer(float[] images, int batch, Deadline deadline) {
      return model.infer(images, batch, deadline);
    }

    @Override
    public void close() {
      synchronized (LoadedModels.this) {
        if (returned) {
          return;
        }
        returned = true;
      }
      release(entry);
    }
  }

  private static final class Entry {
    private final CompletableFuture<OnnxModel> model = new CompletableFuture<>();
    private Optional<Instant> loadedAt = Optional.empty();
    private int users;
    private boolean evicted;
  }

  private record Failure(RuntimeException cause, Instant until) {}

  /** Whether the version is in memory and ready. */
  public synchronized boolean ready(ServedVersion version) {
    return Optional.ofNullable(entries.get(version)).flatMap(entry -> entry.loadedAt).isPresent();
  }

  /** The version for use if it is in memory and ready; nothing is loaded. */
  public synchronized Optional<Lease> leaseIfReady(ServedVersion version) {
    return Optional.ofNullable(entries.get(version))
        .filter(entry -> entry.loadedAt.isPresent())
        .map(entry -> {
          entry.users++;
          return new Lease(version, entry, entry.model.join());
        });
  }

  /** Begins to load the version unless it is there, being loaded, or failed a moment ago. */
  public synchronized void preload(ServedVersion version, Supplier<Path> file) {
    if (recentFailure(version).isEmpty()) {
      release(use(version, file));
    }
  }

  /**
   * The version for use, loaded if it is not there yet.
   *
   * @param file gives the verified model file; called on a loader's thread, once a load
   * @throws DeadlineExceededException if it was not loaded in time; the load goes on
   * @throws UnusableModelException if the file cannot be served
   * @throws RuntimeException what {@code file} threw
   */
  public Lease lease(ServedVersion version, Supplier<Path> file, Deadline deadline) {
    Entry entry = use(version, file);
    try {
      OnnxModel model = entry.model.get(deadline.nanosLeft(), TimeUnit.NANOSECONDS);
      return new Lease(version, entry, model);
    } catch (TimeoutException e) {
      release(entry);
      throw deadline.exceeded("while model " + version.label() + " was loaded");
    } catch (InterruptedException e) {
      release(entry);
      Thread.currentThread().interrupt();
      throw deadline.exceeded("because its thread was stopped");
    } catch (ExecutionException e) {
      release(entry);
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("loading model " + version.label() + " failed", e);
    }
  }

  private synchronized Entry use(ServedVersion version, Supplier<Path> file) {
    if (closed) {
      throw new IllegalStateException("the engine is closed");
    }
    Entry entry = entries.get(version);
    if (entry == null) {
      recentFailure(version)
          .ifPresent(failure -> {
            throw failure.cause();
          });
      entry = new Entry();
      entry.users = 1; // its loader
      entries.put(version, entry);
      evictPastBound();
      Entry loading = entry;
      loaders.execute(() -> load(version, loading, file));
    }
    entry.users++;
    return entry;
  }

  private Optional<Failure> recentFailure(ServedVersion version) {
    Instant now = clock.instant();
    failures.values().removeIf(failure -> !failure.until().isAfter(now));
    return Optional.ofNullable(failures.get(version));
  }

  private void load(ServedVersion version, Entry entry, Supplier<Path> file) {
    try {
      loaded(entry, OnnxModel.open(version.label(), file.get(), watch));
      log.info("model {} is loaded ({})", version.label(), version.sha256());
    } catch (RuntimeException e) {
      log.warn("model {} was not loaded: {}", version.label(), e.getMessage());
      failed(version, entry, e);
    } catch (Error e) {
      failed(version, entry, new IllegalStateException("loading ended with an error", e));
      throw e;
    }
  }

  /** Counts, tells those who wait and gives back the loader's use, all at once. */
  private synchronized void loaded(Entry entry, OnnxModel model) {
    open++;
    entry.loadedAt = Optional.of(clock.instant());
    entry.model.complete(model);
    release(entry);
  }

  private synchronized void failed(ServedVersion version, Entry entry, RuntimeException cause) {
    entries.remove(version, entry);
    failures.put(version, new Failure(cause, clock.instant().plus(RETRY_AFTER)));
    entry.model.completeExceptionally(cause);
    release(entry);
  }

  private synchronized void evictPastBound() {
    Iterator<Entry> eldestFirst = entries.values().iterator();
    while (entries.size() > bound) {
      Entry eldest = eldestFirst.next();
      eldestFirst.remove();
      eldest.evicted = true;
      closeIfUnused(eldest);
    }
  }

  private synchronized void release(Entry entry) {
    entry.users--;
    closeIfUnused(entry);
  }

  private void closeIfUnused(Entry entry) {
    if (entry.evicted && entry.users == 0 && entry.loadedAt.isPresent()) {
      entry.model.join().close();
      open--;
    }
  }

  /** The versions in memory, the one used last at the end. */
  public synchronized List<Loaded> loaded() {
    List<Loaded> loaded = new ArrayList<>();
    entries.forEach((version, entry) ->
        entry.loadedAt.ifPresent(
            at -> loaded.add(new Loaded(version, entry.model.join().card(), at))));
    return loaded;
  }

  /** Sessions that hold native memory, those of evicted versions still in use included. */
  public synchronized int openSessions() {
    return open;
  }

  /** Closes what nobody uses now, and the rest after its last user. */
  @Override
  public synchronized void close() {
    closed = true;
    for (Entry entry : entries.values()) {
      entry.evicted = true;
      closeIfUnused(entry);
    }
    entries.clear();
    loaders.shutdown();
    watch.close();
  }
}
