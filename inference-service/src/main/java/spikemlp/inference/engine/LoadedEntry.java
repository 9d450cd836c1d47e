package spikemlp.inference.engine;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A version in memory or on its way there; {@link LoadedModels} guards what is not final. */
final class LoadedEntry {

  final CompletableFuture<OnnxModel> model = new CompletableFuture<>();

  /** Requests whose images are not in the queue yet. */
  final AtomicInteger arriving = new AtomicInteger();

  Optional<Instant> loadedAt = Optional.empty();

  /** Who holds the session: its loader, requests, runs. */
  int users;

  int requests;

  boolean evicted;

  private final Places places;

  LoadedEntry(Places places) {
    this.places = places;
  }

  /** Requests that may be in hand now; as many as the bound until it is loaded. */
  int most() {
    return loadedAt.isEmpty() ? places.most() : places.of(model.join().pace().imageMillis());
  }
}
