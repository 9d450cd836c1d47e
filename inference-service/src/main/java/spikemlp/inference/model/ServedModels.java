package spikemlp.inference.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import spikemlp.contract.registry.Artifact;
import spikemlp.contract.registry.ModelReference;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.inference.engine.Deadline;
import spikemlp.inference.engine.LoadedModels;
import spikemlp.inference.engine.ServedVersion;

/**
 * Which loaded version answers a reference. When a name or an alias moves, the version before goes
 * on answering until the new one is loaded and warm, and stays if that fails; a reference with a
 * version number is answered by that version alone.
 *
 * <p>Thread-safe.
 */
public final class ServedModels {

  private final ModelSource source;
  private final LoadedModels loaded;
  private final Map<ModelReference, ServedVersion> answering = new ConcurrentHashMap<>();

  ServedModels(ModelSource source, LoadedModels loaded) {
    this.source = source;
    this.loaded = loaded;
  }

  /**
   * The version that answers {@code reference} now, for use until closed.
   *
   * @throws UnresolvedModelException if the reference means no version
   * @throws RegistryUnavailableException if the registry does not answer and never did
   * @throws BadArtifactException if the version's file is not what the registry promised
   * @throws spikemlp.inference.engine.UnusableModelException if the file cannot be served
   * @throws spikemlp.inference.engine.DeadlineExceededException if it was not loaded in time
   */
  public LoadedModels.Lease lease(ModelReference reference, Deadline deadline) {
    ModelVersion version = source.resolve(reference);
    Artifact artifact = ModelSource.modelFile(version);
    ServedVersion wanted = new ServedVersion(version.model(), version.version(), artifact.sha256());
    Supplier<Path> file = () -> source.fetch(artifact);
    if (reference.version() == null && !loaded.ready(wanted)) {
      Optional<LoadedModels.Lease> before =
          Optional.ofNullable(answering.get(reference)).flatMap(loaded::leaseIfReady);
      if (before.isPresent()) {
        loaded.preload(wanted, file);
        return before.get();
      }
    }
    LoadedModels.Lease lease = loaded.lease(wanted, file, deadline);
    answering.put(reference, wanted);
    return lease;
  }

  /** The versions in memory, the one used last at the end. */
  public List<LoadedModels.Loaded> loaded() {
    return loaded.loaded();
  }
}
