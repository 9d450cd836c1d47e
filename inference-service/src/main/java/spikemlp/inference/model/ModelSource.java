package spikemlp.inference.model;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import spikemlp.contract.card.WeightPrecision;
import spikemlp.contract.registry.Artifact;
import spikemlp.contract.registry.ModelReference;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.contract.registry.RegisterVersionRequest;
import spikemlp.contract.registry.RegisteredModel;

/**
 * What a reference means now, and the file of a version. An answer of the registry is taken for
 * current for a moment; when the registry does not answer, the last one stands.
 *
 * <p>Thread-safe: one caller at a time asks about a reference. The others take the answer of before
 * meanwhile, or wait if there was none.
 */
final class ModelSource {

  private static final Logger log = LoggerFactory.getLogger(ModelSource.class);
  private static final int REFERENCES_REMEMBERED = 1_000;

  private final RegistryClient registry;
  private final ArtifactCache cache;
  private final long currentNanos;
  private final LongSupplier nanoTime;
  private final Map<ModelReference, Known> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ModelReference, Known> eldest) {
          return size() > REFERENCES_REMEMBERED;
        }
      };

  /** The last that was heard of a reference; who holds {@code asking} replaces it. */
  private static final class Known {
    private final ReentrantLock asking = new ReentrantLock();
    private volatile Heard heard = new Heard(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * An answer.
   *
   * @param version what the reference meant
   * @param failure why it means nothing
   * @param until when it ceases to be current; empty if nobody has asked
   */
  private record Heard(
      Optional<ModelVersion> version, Optional<RuntimeException> failure, Optional<Long> until) {

    ModelVersion orThrow() {
      failure.ifPresent(one -> {
        throw one;
      });
      return version.orElseThrow();
    }
  }

  ModelSource(
      RegistryClient registry, ArtifactCache cache, Duration current, LongSupplier nanoTime) {
    this.registry = registry;
    this.cache = cache;
    this.currentNanos = current.toNanos();
    this.nanoTime = nanoTime;
  }

  /**
   * The version a reference means now.
   *
   * @throws UnresolvedModelException if it means none
   * @throws RegistryUnavailableException if the registry does not answer and never did
   */
  ModelVersion resolve(ModelReference reference) {
    Known last;
    synchronized (known) {
      last = known.computeIfAbsent(reference, unheard -> new Known());
    }
    Heard heard = last.heard;
    if (isCurrent(heard)) {
      return heard.orThrow();
    }
    if (heard.version().isPresent()) {
      if (!last.asking.tryLock()) {
        return heard.orThrow(); // somebody asks; a registry that hangs must not stop the others
      }
    } else {
      last.asking.lock();
    }
    try {
      if (!isCurrent(last.heard)) {
        last.heard = ask(reference, last.heard);
      }
      return last.heard.orThrow();
    } finally {
      last.asking.unlock();
    }
  }

  private boolean isCurrent(Heard heard) {
    return heard.until().filter(until -> nanoTime.getAsLong() - until < 0).isPresent();
  }

  private Heard ask(ModelReference reference, Heard before) {
    try {
      return heard(Optional.of(registry.resolve(reference)), Optional.empty());
    } catch (UnresolvedModelException e) {
      return heard(Optional.empty(), Optional.of(e));
    } catch (RegistryUnavailableException e) {
      Optional<ModelVersion> version = before.version();
      version.ifPresent(one ->
          log.warn("'{}' stays at version {}: {}", reference, one.version(), e.getMessage()));
      return heard(version, version.isPresent() ? Optional.empty() : Optional.of(e));
    }
  }

  private Heard heard(Optional<ModelVersion> version, Optional<RuntimeException> failure) {
    return new Heard(version, failure, Optional.of(nanoTime.getAsLong() + currentNanos));
  }

  /** The model file that the version is served from in a precision. */
  static Artifact modelFile(ModelVersion version, WeightPrecision precision) {
    String file =
        switch (precision) {
          case FP32 -> RegisterVersionRequest.MODEL_FILE;
          case INT8 -> RegisterVersionRequest.INT8_MODEL_FILE;
        };
    return Optional.ofNullable(version.artifacts().get(file))
        .orElseThrow(
            () -> BadArtifactException.none(version.model() + ":" + version.version(), file));
  }

  /** The artifact's verified file on this machine, fetched if it is not there. */
  Path fetch(Artifact artifact) {
    return cache.file(artifact, registry);
  }

  /** The models that the registry knows. */
  List<RegisteredModel> registered() {
    return registry.models();
  }
}
