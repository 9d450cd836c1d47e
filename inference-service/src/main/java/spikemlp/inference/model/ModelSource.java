package spikemlp.inference.model;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import spikemlp.contract.registry.Artifact;
import spikemlp.contract.registry.ModelReference;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.contract.registry.RegisterVersionRequest;
import spikemlp.contract.registry.RegisteredModel;

/**
 * What a reference means now, and the file of a version. An answer of the registry is taken for
 * current for a moment; when the registry does not answer, the last one stands.
 *
 * <p>Thread-safe: one caller at a time asks about a reference, the others take its answer.
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

  /** The last that was heard of a reference; guarded by itself. */
  private static final class Known {
    private Optional<ModelVersion> version = Optional.empty();
    private Optional<RuntimeException> failure = Optional.empty();
    private long currentUntil = Long.MIN_VALUE;
    private boolean asked;
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
    synchronized (last) {
      if (!last.asked || nanoTime.getAsLong() - last.currentUntil >= 0) {
        ask(reference, last);
        last.asked = true;
        last.currentUntil = nanoTime.getAsLong() + currentNanos;
      }
      last.failure.ifPresent(failure -> {
        throw failure;
      });
      return last.version.orElseThrow();
    }
  }

  private void ask(ModelReference reference, Known last) {
    try {
      last.version = Optional.of(registry.resolve(reference));
      last.failure = Optional.empty();
    } catch (UnresolvedModelException e) {
      last.version = Optional.empty();
      last.failure = Optional.of(e);
    } catch (RegistryUnavailableException e) {
      if (last.version.isPresent()) {
        log.warn("'{}' stays at version {}: {}", reference, version(last), e.getMessage());
      } else {
        last.failure = Optional.of(e);
      }
    }
  }

  private static int version(Known last) {
    return last.version.orElseThrow().version();
  }

  /** The model file that the version is served from. */
  static Artifact modelFile(ModelVersion version) {
    return Optional.ofNullable(version.artifacts().get(RegisterVersionRequest.MODEL_FILE))
        .orElseThrow(() ->
            BadArtifactException.none(
                version.model() + ":" + version.version(), RegisterVersionRequest.MODEL_FILE));
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
