package spikemlp.registry.version;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import spikemlp.contract.network.FieldProblem;
import spikemlp.contract.network.InvalidConfigurationException;
import spikemlp.contract.registry.RegisterVersionRequest;
import spikemlp.contract.registry.VersionState;
import spikemlp.registry.StoredJson;

/** What a registration must look like, and which state it earns. */
final class RegistrationCheck {

  private static final int MAX_JOB_ID = 200;
  private static final int MAX_FILES = 32;
  private static final int MAX_METRICS = 1000;
  private static final Pattern FILE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  private RegistrationCheck() {}

  /** READY if the proof passed and the model file is among the artifacts, else FAILED. */
  static VersionState state(RegisterVersionRequest request) {
    boolean proven = request.proof().passed();
    boolean servable = request.artifacts().containsKey(RegisterVersionRequest.MODEL_FILE);
    return proven && servable ? VersionState.READY : VersionState.FAILED;
  }

  /**
   * Checks every value.
   *
   * @throws InvalidConfigurationException naming all that are wrong
   */
  static void check(String model, RegisterVersionRequest request) {
    List<FieldProblem> problems = new ArrayList<>();
    ModelName.problem(model).ifPresent(problems::add);
    String job = request.sourceJobId();
    if (job.isBlank() || job.length() > MAX_JOB_ID) {
      problems.add(
          new FieldProblem(
              "sourceJobId",
              job.isBlank() ? "'" + job + "'" : job.length() + " characters",
              "must have 1 to " + MAX_JOB_ID + " characters"));
    }
    if (!StoredJson.storable(job)) {
      problems.add(new FieldProblem("sourceJobId", "a text", StoredJson.UNSTORABLE));
    }
    count(problems, "artifacts", request.artifacts().size(), MAX_FILES);
    count(problems, "metrics", request.metrics().size(), MAX_METRICS);
    for (String file : new TreeMap<>(request.artifacts()).keySet()) {
      if (!FILE.matcher(file).matches()) {
        problems.add(
            new FieldProblem(
                "artifacts",
                "'" + file + "'",
                "a file's name is 1 to 128 of A-Z, a-z, 0-9, '.', '_', '-' and begins with a letter"
                    + " or digit, such as "
                    + RegisterVersionRequest.MODEL_FILE));
      }
    }
    new TreeMap<>(request.metrics())
        .forEach((name, value) -> {
          if (name.isBlank() || name.length() > 100 || !Double.isFinite(value)) {
            problems.add(
                new FieldProblem(
                    "metrics." + name,
                    value.toString(),
                    "a metric has a name of 1 to 100 characters and a finite number"));
          }
        });
    if (!problems.isEmpty()) {
      throw new InvalidConfigurationException(problems);
    }
  }

  private static void count(List<FieldProblem> problems, String field, int count, int most) {
    if (count > most) {
      problems.add(new FieldProblem(field, count + " entries", "there may be at most " + most));
    }
  }
}
