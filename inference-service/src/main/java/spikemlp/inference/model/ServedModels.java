package spikemlp.inference.model;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import spikemlp.contract.card.WeightPrecision;
import spikemlp.contract.registry.Artifact;
import spikemlp.contract.registry.ModelReference;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.contract.registry.RegisteredModel;
import spikemlp.inference.engine.Deadline;
import spikemlp.inference.engine.Lease;
import spikemlp.inference.engine.LoadedModels;
import spikemlp.inference.engine.ServedVersion;

/**
 * Which loaded version answers a reference. When a name or an alias moves, the version before goes
 * on answering until the new one is loaded and warm, and stays if that fails; a reference with a
 * version number is answered by that version alone. A share of a reference's requests may go to a
 * canary, once that is loaded and warm.
 *
 * <p>Thread-safe.
 */
public final class ServedModels {

  private static final Logger log = LoggerFactory.getLogger(ServedModels.class);

  private static final List<Optional<PrecisionChoice>> CHOICES =
      Stream.concat(
              Stream.of(Optional.<PrecisionChoice>empty()),
              Arrays.stream(PrecisionChoice.values()).map(Optional::of))
          .toList();

  private final ModelSource source;
  private final LoadedModels loaded;
  private final PrecisionProperties precisions;
  private final TrafficProperties traffic;
  private final Map<Asked, Wanted> answering = new ConcurrentHashMap<>();

  /** What a request asks for. */
  private record Asked(ModelReference reference, Optional<PrecisionChoice> precision) {}

  private record Wanted(ModelVersion version, ServedVersion served, Artifact file) {

    static Wanted of(ModelVersion version, WeightPrecision precision) {
      Artifact file = ModelSource.modelFile(version, precision);
      return new Wanted(
          version,
          new ServedVersion(version.model(), version.version(), precision, file.sha256()),
          file);
    }

    Serving serving(Lease lease, Route route) {
      return new Serving(lease, version.proof(), route);
    }
  }

  ServedModels(
      ModelSource source,
      LoadedModels loaded,
      PrecisionProperties precisions,
      TrafficProperties traffic) {
    this.source = source;
    this.loaded = loaded;
    this.precisions = precisions;
    this.traffic = traffic;
  }

  /**
   * The version that answers {@code reference} now, for use until closed.
   *
   * @param precision of the model file; empty for the usual one
   * @param key what requests have in common that shall meet the same version of a canary
   * @throws UnresolvedModelException if the reference means no version
   * @throws PrecisionUnavailableException if the version has no file of the precision
   * @throws RegistryUnavailableException if the registry does not answer and never did
   * @throws BadArtifactException if the version's file is not what the registry promised
   * @throws spikemlp.inference.engine.OverloadedException if every place of the version is taken
   * @throws spikemlp.inference.engine.UnusableModelException if the file cannot be served
   * @throws spikemlp.inference.engine.DeadlineExceededException if it was not loaded in time
   */
  public Serving lease(
      ModelReference reference,
      Optional<PrecisionChoice> precision,
      Optional<String> key,
      Deadline deadline) {
    Optional<Serving> canary =
        traffic
            .canary(reference, key)
            .flatMap(version -> ifReady(version, precision, Route.CANARY));
    return canary.orElseGet(() -> primary(new Asked(reference, precision), deadline));
  }

  private Wanted wanted(ModelReference reference, Optional<PrecisionChoice> precision) {
    ModelVersion version = source.resolve(reference);
    return Wanted.of(version, precisions.of(version, precision));
  }

  private Serving primary(Asked asked, Deadline deadline) {
    Wanted wanted = wanted(asked.reference(), asked.precision());
    if (asked.reference().version() == null && !loaded.ready(wanted.served())) {
      Optional<Wanted> before = Optional.ofNullable(answering.get(asked));
      Optional<Lease> lease = before.flatMap(one -> loaded.leaseIfReady(one.served()));
      if (lease.isPresent()) {
        loaded.preload(wanted.served(), file(wanted));
        return before.orElseThrow().serving(lease.get(), Route.PRIMARY);
      }
    }
    Lease lease = loaded.lease(wanted.served(), file(wanted), deadline);
    answering.put(asked, wanted);
    return wanted.serving(lease, Route.PRIMARY);
  }

  private Supplier<Path> file(Wanted wanted) {
    return () -> source.fetch(wanted.file());
  }

  /** The version if it can answer at once; else it is loaded meanwhile. */
  private Optional<Serving> ifReady(
      ModelReference reference, Optional<PrecisionChoice> precision, Route route) {
    try {
      Wanted wanted = wanted(reference, precision);
      Optional<Lease> lease = loaded.leaseIfReady(wanted.served());
      if (lease.isEmpty()) {
        loaded.preload(wanted.served(), file(wanted));
      }
      return lease.map(one -> wanted.serving(one, route));
    } catch (UnresolvedModelException
        | PrecisionUnavailableException
        | RegistryUnavailableException
        | BadArtifactException e) {
      log.warn("{} as {} is left out: {}", reference, route.label(), e.getMessage());
      return Optional.empty();
    }
  }

  /** The version that shall compute this request too, beside the one that answers. */
  public Optional<ModelReference> shadowOf(ModelReference reference) {
    return traffic.shadow(reference);
  }

  /**
   * A shadow's version for use, if it is loaded and warm; else it is loaded meanwhile.
   *
   * @throws spikemlp.inference.engine.OverloadedException if every place of it is taken
   */
  public Optional<Serving> shadow(ModelReference version) {
    return ifReady(version, Optional.empty(), Route.SHADOW);
  }

  /**
   * Looks, before a body is read, whether a request would find a place.
   *
   * @throws UnresolvedModelException if the reference means no version
   * @throws PrecisionUnavailableException if the version has no file of the precision
   * @throws RegistryUnavailableException if the registry does not answer and never did
   * @throws spikemlp.inference.engine.OverloadedException if every place of the version is taken
   */
  public void refuseIfFull(ModelReference reference, Optional<PrecisionChoice> precision) {
    loaded.refuseIfFull(wanted(reference, precision).served());
  }

  /**
   * The same of a request whose precision is not known yet.
   *
   * @throws UnresolvedModelException if the reference means no version
   * @throws RegistryUnavailableException if the registry does not answer and never did
   * @throws spikemlp.inference.engine.OverloadedException if every place of the usual file is taken
   */
  public void refuseIfFull(ModelReference reference) {
    try {
      refuseIfFull(reference, Optional.empty());
    } catch (PrecisionUnavailableException e) {
      refuseIfFull(reference, Optional.of(PrecisionChoice.FP32));
    }
  }

  /** The files that answered the reference last, in each precision asked for. Asks nobody. */
  public List<ServedVersion> answered(ModelReference reference) {
    return CHOICES.stream()
        .map(precision -> answering.get(new Asked(reference, precision)))
        .filter(Objects::nonNull)
        .map(Wanted::served)
        .toList();
  }

  /** The versions in memory, the one used last at the end. */
  public List<LoadedModels.Loaded> loaded() {
    return loaded.loaded();
  }

  /** The versions being loaded, and those whose load failed a moment ago. */
  public List<LoadedModels.Unloaded> unloaded() {
    return loaded.unloaded();
  }

  /**
   * The models that the registry knows.
   *
   * @throws RegistryUnavailableException if it gives no usable answer
   */
  public List<RegisteredModel> registered() {
    return source.registered();
  }
}
