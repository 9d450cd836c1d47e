package spikemlp.trainer.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.springframework.stereotype.Component;
import spikemlp.contract.job.Augmentation;
import spikemlp.contract.job.JobLimits;
import spikemlp.contract.job.NetworkSpec;
import spikemlp.contract.job.StartSpec;
import spikemlp.contract.job.TrainingJobRequest;
import spikemlp.contract.job.TrainingPlan;
import spikemlp.contract.job.TrainingSpec;
import spikemlp.contract.network.FieldProblem;
import spikemlp.contract.network.InvalidConfigurationException;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.registry.ModelReference;
import spikemlp.data.DataSource;
import spikemlp.trainer.dataset.DataSets;

/**
 * Turns a request into what will be done, or names everything that is wrong with it at once.
 *
 * <p>The images' size, where the request names neither a size nor a variant: the data set's own,
 * each side rounded up to a multiple of the patch size; pictures larger than 64 pixels on a side
 * are prepared to 64×64 (rounded up likewise). A job that starts from a version has that version's
 * network and input.
 */
@Component
class JobPlanner {

  /** The largest side that is trained on unless a request asks for more. */
  static final int USUAL_SIDE = 64;

  /** What {@link spikemlp.contract.card.ModelCard#variant()} says of a network by numbers. */
  static final String CUSTOM = "custom";

  /** What a request comes to. */
  record Planned(
      DataSource source, NetworkConfig network, TrainingPlan plan, Optional<StartVersion> start) {}

  private final DataSets dataSets;
  private final TrainingLimits limits;
  private final StartVersions starts;

  JobPlanner(DataSets dataSets, TrainingLimits limits, StartVersions starts) {
    this.dataSets = dataSets;
    this.limits = limits;
    this.starts = starts;
  }

  /** The variant's label, the start version's, or {@link #CUSTOM}. */
  static String variantOf(TrainingJobRequest request, Optional<StartVersion> start) {
    if (start.isPresent()) {
      return start.get().variant(); // another geometry is refused
    }
    return Optional.ofNullable(request.network())
        .map(NetworkSpec::variant)
        .map(label -> label.toLowerCase(Locale.ROOT).replace('_', '-'))
        .orElse(CUSTOM);
  }

  /**
   * Plans a job that is being submitted, and pins the version that it starts from.
   *
   * @throws InvalidConfigurationException naming every wrong value, with its place in the request
   * @throws spikemlp.problem.ProblemException if the registry does not answer
   */
  Planned plan(TrainingJobRequest request) {
    List<FieldProblem> problems = new ArrayList<>();
    StartSpec spec = request.start();
    Optional<StartVersion> start = spec == null ? Optional.empty() : starts.pin(spec, problems);
    return plan(request, start, problems);
  }

  /**
   * Plans a job again that was accepted.
   *
   * @param start the version pinned then
   * @throws InvalidConfigurationException naming every value that has become wrong
   */
  Planned plan(TrainingJobRequest request, Optional<StartVersion> start) {
    return plan(request, start, new ArrayList<>());
  }

  @SuppressWarnings("NullableProblems") // JSON may lack what the record calls present
  private Planned plan(
      TrainingJobRequest request, Optional<StartVersion> start, List<FieldProblem> problems) {
    String name = Objects.requireNonNullElse(request.name(), "");
    if (!ModelReference.isName(name)) {
      problems.add(
          new FieldProblem(
              "name",
              name,
              "a model's name is 1 to 64 of a-z, 0-9, '.', '_', '-' and begins with a letter or"
                  + " digit"));
    }
    Integer priority = request.priority();
    if (priority != null && (priority < 0 || priority > TrainingJobRequest.HIGHEST_PRIORITY)) {
      problems.add(
          new FieldProblem(
              "priority",
              priority.toString(),
              "must be from 0 to "
                  + TrainingJobRequest.HIGHEST_PRIORITY
                  + "; "
                  + TrainingJobRequest.USUAL_PRIORITY
                  + " is usual"));
    }
    JobLimits own = Objects.requireNonNullElse(request.limits(), JobLimits.NONE);
    limits.check(own, problems);
    Optional<DataSource> source = source(request, problems);
    NetworkSpec spec = Objects.requireNonNullElse(request.network(), NetworkSpec.SMALL);
    TrainingSpec training = Objects.requireNonNullElse(request.training(), TrainingSpec.DEFAULT);
    Optional<NetworkConfig> network = Optional.empty();
    if (limits.fits(spec, problems)) {
      if (start.isPresent()) {
        network = network(spec, start.get(), source, problems);
      } else if (request.start() == null) {
        network = network(spec, source, problems);
      } // else there is no network to hold the numbers against
    }
    int side =
        network
            .map(config -> Math.min(config.imageHeight(), config.imageWidth()))
            .orElse(USUAL_SIDE);
    Optional<TrainingPlan> plan = plan(training, source, side, problems);
    if (network.isPresent() && plan.isPresent()) {
      limits.check(network.get(), plan.get(), own, problems);
    }
    if (!problems.isEmpty()) {
      throw new InvalidConfigurationException(problems);
    }
    return new Planned(source.orElseThrow(), network.orElseThrow(), plan.orElseThrow(), start);
  }

  private Optional<DataSource> source(TrainingJobRequest request, List<FieldProblem> problems) {
    try {
      return Optional.of(dataSets.open(request.dataSet()));
    } catch (InvalidConfigurationException e) {
      addAll(problems, "dataSet", e);
      return Optional.empty();
    }
  }

  private static Optional<NetworkConfig> network(
      NetworkSpec spec, Optional<DataSource> source, List<FieldProblem> problems) {
    int patch = Math.max(1, spec.patchSize() == null ? 4 : spec.patchSize());
    int height = source.map(DataSource::height).orElse(32);
    int width = source.map(DataSource::width).orElse(32);
    boolean large = height > USUAL_SIDE || width > USUAL_SIDE;
    try {
      return Optional.of(
          spec.resolve(
              multiple(large ? USUAL_SIDE : height, patch),
              multiple(large ? USUAL_SIDE : width, patch),
              source.map(images -> images.labels().size()).orElse(2)));
    } catch (InvalidConfigurationException e) {
      addAll(problems, "network", e);
      return Optional.empty();
    }
  }

  private static Optional<NetworkConfig> network(
      NetworkSpec spec,
      StartVersion start,
      Optional<DataSource> source,
      List<FieldProblem> problems) {
    List<String> labels = source.map(DataSource::labels).orElse(start.labels());
    switch (start.parent().mode()) {
      case INHERIT -> requireSameClasses(labels, start, problems);
      case FINE_TUNE -> {}
    }
    try {
      return Optional.of(spec.resolveFrom(start.network(), labels.size()));
    } catch (InvalidConfigurationException e) {
      addAll(problems, "network", e);
      return Optional.empty();
    }
  }

  /** A classifier that is taken over stands for its classes in their order. */
  private static void requireSameClasses(
      List<String> labels, StartVersion start, List<FieldProblem> problems) {
    if (labels.equals(start.labels())) {
      return;
    }
    int first = 0;
    while (first < Math.min(labels.size(), start.labels().size())
        && labels.get(first).equals(start.labels().get(first))) {
      first++;
    }
    problems.add(
        new FieldProblem(
            "dataSet",
            labels.size() + " classes",
            "mode INHERIT keeps the classifier of %s: its %d classes, in their order; class %d is %s here, %s there. Choose mode FINE_TUNE for a new classifier"
                .formatted(
                    start.reference(),
                    start.labels().size(),
                    first,
                    inWords(labels, first),
                    inWords(start.labels(), first))));
  }

  private static String inWords(List<String> labels, int index) {
    return index < labels.size() ? "'" + labels.get(index) + "'" : "none";
  }

  private static int multiple(int side, int patch) {
    return Math.ceilDiv(side, patch) * patch;
  }

  private static Optional<TrainingPlan> plan(
      TrainingSpec spec, Optional<DataSource> source, int side, List<FieldProblem> problems) {
    try {
      return Optional.of(
          spec.resolve(source.map(DataSource::usualAugmentation).orElse(Augmentation.NONE), side));
    } catch (InvalidConfigurationException e) {
      addAll(problems, "training", e);
      return Optional.empty();
    }
  }

  private static void addAll(
      List<FieldProblem> problems, String place, InvalidConfigurationException refused) {
    refused.problems().forEach(problem -> problems.add(problem.below(place)));
  }
}
