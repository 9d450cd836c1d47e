package spikemlp.trainer.job;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import spikemlp.contract.job.JobLimits;
import spikemlp.contract.job.NetworkSpec;
import spikemlp.contract.job.TrainingJobRequest;
import spikemlp.contract.job.TrainingPlan;
import spikemlp.contract.network.FieldProblem;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.network.SpikingMlp;
import spikemlp.network.TrainingMemory;
import spikemlp.trainer.TrainerProperties;

/**
 * What this trainer takes on: a number of parameters, and the memory that training needs by {@link
 * TrainingMemory}.
 */
@Component
class TrainingLimits {

  private static final double SHARE_OF_MACHINE = 0.8;
  private static final int LARGEST_SIDE = 4096;
  private static final int LARGEST_WIDTH = 16_384;
  private static final int MOST_STAGES = 8;
  private static final int MOST_MIXERS = 1_000;
  private static final int MOST_TIME_STEPS = 1_000;

  /** The longest run that a limit can name; longer ones need none. */
  private static final Duration LONGEST = Duration.ofDays(366);

  private final @Nullable Duration maxRuntime;
  private final long maxParameters;
  private final long maxBytes;
  private final long maxHeapBytes;

  TrainingLimits(TrainerProperties properties) {
    this.maxRuntime = properties.maxRuntime();
    this.maxParameters = properties.maxParameters();
    DataSize configured = properties.maxMemory();
    this.maxBytes =
        configured == null
            ? (long) (SHARE_OF_MACHINE * TrainingMemory.machineBytes())
            : configured.toBytes();
    this.maxHeapBytes =
        properties.workers() == 0
            ? Long.MAX_VALUE // it trains elsewhere
            : (long) (SHARE_OF_MACHINE * Runtime.getRuntime().maxMemory());
  }

  /** Whether no single number is beyond any sense, so that the network may be laid out. */
  boolean fits(NetworkSpec spec, List<FieldProblem> problems) {
    int before = problems.size();
    most(problems, "imageHeight", spec.imageHeight(), LARGEST_SIDE);
    most(problems, "imageWidth", spec.imageWidth(), LARGEST_SIDE);
    most(problems, "patchSize", spec.patchSize(), LARGEST_SIDE);
    most(problems, "embeddingDim", spec.embeddingDim(), LARGEST_WIDTH);
    most(problems, "expansionRatio", spec.expansionRatio(), 64);
    most(problems, "timeSteps", spec.timeSteps(), MOST_TIME_STEPS);
    List<Integer> depths = spec.depths();
    if (depths != null) {
      if (depths.size() > MOST_STAGES) {
        problems.add(
            new FieldProblem(
                "network.depths", depths.toString(), "must be " + MOST_STAGES + " or fewer"));
      }
      for (int i = 0; i < depths.size(); i++) {
        most(problems, "depths[" + i + "]", depths.get(i), MOST_MIXERS);
      }
    }
    return problems.size() == before;
  }

  private static void most(
      List<FieldProblem> problems, String field, @Nullable Integer value, int most) {
    if (value != null && value > most) {
      problems.add(
          new FieldProblem("network." + field, value.toString(), "must be " + most + " or less"));
    }
  }

  /** How long the job may run: as long as it says or as any may, whichever is less. */
  Optional<Duration> maxRuntime(TrainingJobRequest request) {
    JobLimits own = Objects.requireNonNullElse(request.limits(), JobLimits.NONE);
    return Stream.of(
            Optional.ofNullable(own.maxRuntimeSeconds()).map(Duration::ofSeconds),
            Optional.ofNullable(maxRuntime))
        .flatMap(Optional::stream)
        .min(Comparator.naturalOrder());
  }

  /** Refuses limits that are none, or beyond what this trainer allows. */
  void check(JobLimits own, List<FieldProblem> problems) {
    Duration most = maxRuntime;
    within(
        problems,
        "maxRuntimeSeconds",
        own.maxRuntimeSeconds(),
        most == null ? LONGEST.toSeconds() : most.toSeconds());
    within(problems, "maxParameters", own.maxParameters(), maxParameters);
    within(problems, "maxMemoryBytes", own.maxMemoryBytes(), maxBytes);
  }

  private static void within(
      List<FieldProblem> problems, String field, @Nullable Long value, long most) {
    if (value != null && (value < 1 || value > most)) {
      problems.add(
          new FieldProblem(
              "limits." + field,
              value.toString(),
              "must be from 1 to " + most + ", what this trainer allows any job"));
    }
  }

  /** Refuses a network that is too large, or whose training would not fit the memory. */
  void check(NetworkConfig network, TrainingPlan plan, JobLimits own, List<FieldProblem> problems) {
    long parameters = SpikingMlp.parameterCount(network);
    Long ownParameters = own.maxParameters();
    if (ownParameters != null && parameters > ownParameters) {
      problems.add(
          new FieldProblem(
              "limits.maxParameters",
              ownParameters.toString(),
              "the network has "
                  + parameters
                  + " parameters; raise the limit or lower embeddingDim or depths"));
    }
    if (parameters > maxParameters) {
      problems.add(
          new FieldProblem(
              "network",
              parameters + " parameters",
              "this trainer takes networks of "
                  + maxParameters
                  + " parameters or fewer; lower embeddingDim or depths"));
      return;
    }
    TrainingMemory memory =
        TrainingMemory.of(network, plan.optimisation(), List.of(plan.batchSize()));
    memory
        .problem(maxBytes, maxHeapBytes)
        .ifPresent(problem ->
            problems.add(
                new FieldProblem(
                    "training.batchSize", Integer.toString(plan.batchSize()), problem)));
    Long ownBytes = own.maxMemoryBytes();
    if (ownBytes != null) {
      memory
          .problem(ownBytes, Long.MAX_VALUE)
          .ifPresent(problem ->
              problems.add(
                  new FieldProblem("limits.maxMemoryBytes", ownBytes.toString(), problem)));
    }
  }
}
