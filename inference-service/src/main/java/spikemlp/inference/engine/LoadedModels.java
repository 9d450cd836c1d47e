package spikemlp.inference.engine;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  private static final Logger log = LoggerFactory.getLogger(LoadedModels.class);
  private static final int LOADERS = 2;

  private final int bound;
  private final Places places;
  private final Batching.Limits batching;
  private final Clock clock;
  private final RunWatch watch = new RunWatch();
  private final Map<ServedVersion, LoadedEntry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private final LoadFailures failures;
  private final ExecutorService loaders =
      Executors.newFixedThreadPool(
          LOADERS, Thread.ofPlatform().daemon().name("model-loader-", 0).factory());
  private boolean closed;
  private int open;
  private int inHand;

  /**
   * No version loaded yet.
   *
   * @param bound versions kept, at least 1; one still in use when it goes stays until it is free
   * @param places requests of one version that may wait, load or compute at once
   * @param batching bounds of what is measured when a version is loaded
   */
  public LoadedModels(int bound, Places places, Batching.Limits batching, Clock clock) {
    if (bound < 1) {
      throw new IllegalArgumentException("at least 1 version is loaded, not " + bound);
    }
    this.bound = bound;
    this.places = places;
    this.batching = batching;
    this.clock = clock;
    this.failures = new LoadFailures(clock);
  }

  /**
   * A version in memory.
   *
   * @param card what its file says of it
   * @param batching how many samples one run of it takes
   * @param loadedAt when it was ready
   */
  public record Loaded(
      ServedVersion version, ModelCard card, Batching batching, Instant loadedAt) {}

  /**
   * A version that is not in memory.
   *
   * @param reason why its load failed; empty while it is loaded
   */
  public record Unloaded(ServedVersion version, Optional<String> reason) {}

  /**
   * The places of a version.
   *
   * @param places requests of it that may be in hand: fewer of one whose runs take long
   * @param full whether each has its request
   */
  public record Room(int places, boolean full) {}

  /** Whether the version is in memory and ready. */
  public synchronized boolean ready(ServedVersion version) {
    return Optional.ofNullable(entries.get(version)).flatMap(entry -> entry.loadedAt).isPresent();
  }

  /** The version for use if it is in memory and ready; nothing is loaded. */
  public synchronized Optional<Lease> leaseIfReady(ServedVersion version) {
    return Optional.ofNullable(entries.get(version))
        .filter(entry -> entry.loadedAt.isPresent())
        .map(entry -> {
          enter(version, entry);
          return new Lease(this, version, entry, entry.model.join());
        });
  }

  /** Begins to load the version unless it is there, being loaded, or failed a moment ago. */
  public synchronized void preload(ServedVersion version, Supplier<Path> file) {
    if (!closed && failures.of(version).isEmpty()) {
      entry(version, file);
    }
  }

  /**
   * Looks whether a request would find a place; it may be taken by the time it asks.
   *
   * @throws OverloadedException if there is none now
   */
  public void refuseIfFull(ServedVersion version) {
    Room room = room(version);
    if (room.full()) {
      throw new OverloadedException(version, room.places());
    }
  }

  /** The places of the version as they are now; all are free while it is not in memory. */
  public synchronized Room room(ServedVersion version) {
    LoadedEntry entry = entries.get(version);
    if (entry == null) {
      return new Room(places.most(), false);
    }
    int most = entry.most();
    return new Room(most, entry.requests >= most);
  }

  /**
   * The version for use, loaded if it is not there yet.
   *
   * @param file gives the verified model file; called on a loader's thread, once a load
   * @throws OverloadedException at once, if every place of the version is taken
   * @throws DeadlineExceededException if it was not loaded in time; the load goes on
   * @throws UnusableModelException if the file cannot be served
   * @throws RuntimeException what {@code file} threw
   */
  public Lease lease(ServedVersion version, Supplier<Path> file, Deadline deadline) {
    LoadedEntry entry = use(version, file);
    try {
      OnnxModel model = entry.model.get(deadline.nanosLeft(), TimeUnit.NANOSECONDS);
      return new Lease(this, version, entry, model);
    } catch (TimeoutException e) {
      leave(entry);
      throw deadline.exceeded("while model " + version.label() + " was loaded");
    } catch (InterruptedException e) {
      leave(entry);
      Thread.currentThread().interrupt();
      throw deadline.exceeded("because its thread was stopped");
    } catch (ExecutionException e) {
      leave(entry);
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("loading model " + version.label() + " failed", e);
    }
  }

  private synchronized LoadedEntry use(ServedVersion version, Supplier<Path> file) {
    LoadedEntry entry = entry(version, file);
    enter(version, entry);
    return entry;
  }

  private synchronized void enter(ServedVersion version, LoadedEntry entry) {
    int most = entry.most();
    if (entry.requests >= most) {
      throw new OverloadedException(version, most);
    }
    entry.requests++;
    inHand++;
    entry.users++;
  }

  synchronized void leave(LoadedEntry entry) {
    entry.requests--;
    inHand--;
    release(entry);
  }

  private synchronized LoadedEntry entry(ServedVersion version, Supplier<Path> file) {
    if (closed) {
      throw new IllegalStateException("the engine is closed");
    }
    LoadedEntry entry = entries.get(version);
    if (entry == null) {
      failures
          .of(version)
          .ifPresent(cause -> {
            throw cause;
          });
      entry = new LoadedEntry(places);
      entry.users = 1; // its loader
      entries.put(version, entry);
      evictPastBound();
      LoadedEntry loading = entry;
      loaders.execute(() -> load(version, loading, file));
    }
    return entry;
  }

  private void load(ServedVersion version, LoadedEntry entry, Supplier<Path> file) {
    try {
      loaded(entry, OnnxModel.open(version.label(), file.get(), watch, batching));
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
  private synchronized void loaded(LoadedEntry entry, OnnxModel model) {
    open++;
    entry.model.complete(model);
    entry.loadedAt = Optional.of(clock.instant());
    release(entry);
  }

  private synchronized void failed(
      ServedVersion version, LoadedEntry entry, RuntimeException cause) {
    entries.remove(version, entry);
    failures.add(version, cause);
    entry.model.completeExceptionally(cause);
    release(entry);
  }

  private synchronized void evictPastBound() {
    Iterator<LoadedEntry> eldestFirst = entries.values().iterator();
    while (entries.size() > bound) {
      LoadedEntry eldest = eldestFirst.next();
      eldestFirst.remove();
      eldest.evicted = true;
      closeIfUnused(eldest);
    }
  }

  /** One more user of an entry that has one. */
  synchronized void retain(LoadedEntry entry) {
    entry.users++;
  }

  synchronized void release(LoadedEntry entry) {
    entry.users--;
    closeIfUnused(entry);
  }

  private void closeIfUnused(LoadedEntry entry) {
    if (entry.evicted && entry.users == 0 && entry.loadedAt.isPresent()) {
      entry.model.join().close();
      open--;
    }
  }

  /** The versions in memory, the one used last at the end. */
  public synchronized List<Loaded> loaded() {
    List<Loaded> loaded = new ArrayList<>();
    entries.forEach((version, entry) ->
        entry.loadedAt.ifPresent(at -> {
          OnnxModel model = entry.model.join();
          loaded.add(new Loaded(version, model.card(), model.batching(), at));
        }));
    return loaded;
  }

  /** The versions being loaded, then those whose load failed a moment ago. */
  public synchronized List<Unloaded> unloaded() {
    List<Unloaded> unloaded = new ArrayList<>();
    entries.forEach((version, entry) -> {
      if (entry.loadedAt.isEmpty()) {
        unloaded.add(new Unloaded(version, Optional.empty()));
      }
    });
    failures
        .all()
        .forEach((version, cause) ->
            unloaded.add(new Unloaded(version, Optional.of(String.valueOf(cause.getMessage())))));
    return unloaded;
  }

  /** Requests that wait, load or compute. */
  public synchronized int inHand() {
    return inHand;
  }

  /** Sessions that hold native memory, those of evicted versions still in use included. */
  public synchronized int openSessions() {
    return open;
  }

  /** Closes what nobody uses now, and the rest after its last user. */
  @Override
  public synchronized void close() {
    closed = true;
    for (LoadedEntry entry : entries.values()) {
      entry.evicted = true;
      closeIfUnused(entry);
    }
    entries.clear();
    loaders.shutdown();
    watch.close();
  }
}
