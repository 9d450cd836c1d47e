package spikemlp.trainer.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import spikemlp.contract.job.StartSpec;
import spikemlp.contract.network.FieldProblem;
import spikemlp.contract.registry.Artifact;
import spikemlp.contract.registry.ModelReference;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.contract.registry.RegisterVersionRequest;
import spikemlp.contract.registry.VersionState;
import spikemlp.problem.ProblemException;
import spikemlp.trainer.registration.RegistryClient;
import spikemlp.trainer.registration.RegistryClient.NoSuchVersionException;
import spikemlp.trainer.registration.RegistryException;

/** The versions that jobs start from: which one a request means, and its weights on this disk. */
@Component
class StartVersions {

  private static final String NAME =
      "is 1 to 64 of a-z, 0-9, '.', '_', '-' and begins with a letter or digit";

  private final RegistryClient registry;

  StartVersions(RegistryClient registry) {
    this.registry = registry;
  }

  /**
   * Asks the registry which version is meant now; empty if that was noted as a problem.
   *
   * @throws ProblemException 503 {@code registry-unavailable} if the registry does not answer
   */
  @SuppressWarnings("NullableProblems") // JSON may lack what the record calls present
  Optional<StartVersion> pin(StartSpec spec, List<FieldProblem> problems) {
    int before = problems.size();
    String model = String.valueOf(spec.model());
    if (!ModelReference.isName(model)) {
      problems.add(new FieldProblem("start.model", model, "a model's name " + NAME));
    }
    String alias = spec.alias();
    if (alias != null && !ModelReference.isName(alias)) {
      problems.add(new FieldProblem("start.alias", alias, "an alias " + NAME));
    }
    Integer version = spec.version();
    if (version != null && (version < 1 || version > 999_999_999)) {
      problems.add(
          new FieldProblem("start.version", version.toString(), "versions are numbered from 1"));
    }
    if (alias != null && version != null) {
      problems.add(
          new FieldProblem(
              "start.alias", alias, "goes without version, which says " + version + " here"));
    }
    return problems.size() == before
        ? lookUp(spec, new ModelReference(model, alias, version), problems)
        : Optional.empty();
  }

  private Optional<StartVersion> lookUp(
      StartSpec spec, ModelReference reference, List<FieldProblem> problems) {
    try {
      ModelVersion version = registry.resolve(reference);
      Artifact checkpoint = version.artifacts().get(RegisterVersionRequest.CHECKPOINT_FILE);
      if (version.state() != VersionState.READY) {
        problems.add(
            problem(
                reference,
                "version %d of model '%s' is %s, not READY"
                    .formatted(version.version(), version.model(), version.state())));
      } else if (checkpoint == null) {
        problems.add(
            problem(
                reference,
                "version %d of model '%s' has no %s to start from; it has %s"
                    .formatted(
                        version.version(),
                        version.model(),
                        RegisterVersionRequest.CHECKPOINT_FILE,
                        String.join(", ", new TreeSet<>(version.artifacts().keySet())))));
      } else {
        return Optional.of(StartVersion.of(version, checkpoint, spec.modeOrDefault()));
      }
    } catch (NoSuchVersionException e) {
      problems.add(
          e.code().equals("model-not-found")
              ? new FieldProblem("start.model", reference.name(), e.getMessage())
              : problem(reference, e.getMessage()));
    } catch (RegistryException e) {
      throw new ProblemException(
              HttpStatus.SERVICE_UNAVAILABLE,
              "registry-unavailable",
              e.getMessage() + "; submit the job again when it does")
          .retryAfter(Duration.ofSeconds(5));
    }
    return Optional.empty();
  }

  private static FieldProblem problem(ModelReference reference, String message) {
    if (reference.alias() != null) {
      return new FieldProblem("start.alias", reference.alias(), message);
    }
    return reference.version() == null
        ? new FieldProblem("start.model", reference.name(), message)
        : new FieldProblem("start.version", reference.version().toString(), message);
  }

  /**
   * Sees to it that {@code file} is the version's checkpoint, byte by byte: downloads it unless it
   * is there.
   *
   * @param stop asked while waiting for the registry to answer again
   * @throws RegistryException if the registry refuses or stays silent
   * @throws InterruptedException if {@code stop} became true before the registry answered
   */
  void fetch(StartVersion version, Path file, BooleanSupplier stop)
      throws IOException, InterruptedException {
    if (Files.isRegularFile(file) && Artifacts.of(file).equals(version.checkpoint())) {
      return;
    }
    registry.download(
        version.checkpoint(),
        "%s of %s".formatted(RegisterVersionRequest.CHECKPOINT_FILE, version.reference()),
        file,
        stop);
  }
}
