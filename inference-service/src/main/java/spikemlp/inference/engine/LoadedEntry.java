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

  /** Requests that may be in hand. */
  int most;

  boolean evicted;

  LoadedEntry(int most) {
    this.most = most;
  }
}
