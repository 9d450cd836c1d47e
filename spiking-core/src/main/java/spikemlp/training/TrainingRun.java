package spikemlp.training;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import spikemlp.checkpoint.CheckpointException;
import spikemlp.checkpoint.Safetensors;
import spikemlp.checkpoint.SafetensorsFile;
import spikemlp.checkpoint.WeightHash;
import spikemlp.contract.card.StartMode;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.job.TrainingPlan;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.data.ImageDataSet;
import spikemlp.kernel.Tensor;
import spikemlp.layer.Parameter;
import spikemlp.layer.Parameters;
import spikemlp.network.Backpropagation;
import spikemlp.network.Objective;
import spikemlp.network.Optimiser;
import spikemlp.network.SpikingMlp;
import spikemlp.network.Targets;
import spikemlp.network.TrainingMemory;
import spikemlp.network.WeightAverage;

/**
 * One network being trained, batch by batch, as a plan says. A run saved after any batch and
 * resumed ends with the same weights, bit for bit, as one that was never interrupted.
 *
 * <p>Owns the network and native work buffers: close it. Used by one thread; the next batches are
 * prepared on others meanwhile.
 */
public final class TrainingRun implements AutoCloseable {

  /**
   * A loss this many times that of guessing, ln K, is divergence: normalisation keeps a network
   * finite at any learning rate, so few runs ever reach infinity.
   */
  private static final double DIVERGED = 50;

  /** The same for an epoch's mean, which a single batch hardly moves. */
  private static final double DIVERGED_EPOCH = 20;

  private final TrainingPlan plan;
  private final InputSpec input;
  private final ImageDataSet images;
  private final SpikingMlp network;
  private final Batches batches;
  private final LearningRate schedule;
  private final Objective objective;
  private final Optimiser optimiser;
  private final Optional<WeightAverage> average;
  private final Map<Integer, Backpropagation> passes = new HashMap<>();
  private final BatchPipeline pipeline;
  private long batchesDone;
  private double lastLoss = Double.NaN; // until a batch has been trained

  private TrainingRun(
      SpikingMlp network,
      Optional<WeightAverage> average,
      TrainingPlan plan,
      ImageDataSet images,
      InputSpec input,
      long batchesDone) {
    this.plan = plan;
    this.input = input;
    this.images = images;
    this.network = network;
    this.batches = new Batches(images, plan, input);
    this.pipeline = new BatchPipeline(batches);
    this.schedule = LearningRate.of(plan, batches.perEpoch());
    this.objective = new Objective(plan.loss(), plan.tetLambda(), network.config().threshold());
    this.optimiser = new Optimiser(network, plan);
    this.average = average;
    this.batchesDone = batchesDone;
  }

  /**
   * A new run.
   *
   * @throws IllegalArgumentException if the images do not fit the network, or the training does not
   *     fit the memory
   */
  public static TrainingRun start(
      NetworkConfig config, TrainingPlan plan, ImageDataSet train, InputSpec input) {
    requireFit(config, train, input);
    requireMemory(config, plan, train);
    SpikingMlp network = SpikingMlp.create(config, plan.seed());
    return new TrainingRun(network, average(network, plan), plan, train, input, 0);
  }

  /**
   * A new run from a trained network's weights and running statistics; momentum, schedule and data
   * order begin anew.
   *
   * @param weights a safetensors file with the canonical names, such as a checkpoint
   * @param mode what is taken over
   * @param config the trained network's, but for T, the neuron and, fine-tuning, the classes
   * @param input how pictures become the input: the trained network's, for its first layer has
   *     learnt that scale
   * @throws CheckpointException naming every tensor that is missing, of another shape or not finite
   * @throws IllegalArgumentException as {@link #start} does
   */
  public static TrainingRun startFrom(
      Path weights,
      StartMode mode,
      NetworkConfig config,
      TrainingPlan plan,
      ImageDataSet train,
      InputSpec input) {
    requireFit(config, train, input);
    requireMemory(config, plan, train);
    SpikingMlp network = SpikingMlp.create(config, plan.seed());
    try {
      StartWeights.load(weights, mode, network);
    } catch (CheckpointException e) {
      network.close();
      throw e;
    }
    return new TrainingRun(network, average(network, plan), plan, train, input, 0);
  }

  /**
   * Goes on where a saved run was.
   *
   * @throws CheckpointException if the file is no checkpoint
   * @throws IllegalArgumentException if these are not the images of that run, or the training does
   *     not fit the memory
   */
  public static TrainingRun resume(Path checkpoint, ImageDataSet train) {
    SafetensorsFile file = Safetensors.read(checkpoint);
    Checkpoint saved = Checkpoint.describe(file);
    if (train.size() != saved.images()) {
      throw new IllegalArgumentException(
          checkpoint
              + " was training on "
              + saved.images()
              + " images, not "
              + train.size()
              + "; resume it on the same data set");
    }
    requireFit(saved.config(), train, saved.input());
    requireMemory(saved.config(), saved.plan(), train);
    SpikingMlp network = SpikingMlp.create(saved.config(), saved.plan().seed());
    Optional<WeightAverage> average = average(network, saved.plan());
    try {
      saved.restore(file, network, average.map(WeightAverage::network));
    } catch (CheckpointException e) {
      average.ifPresent(WeightAverage::close);
      network.close();
      throw e;
    }
    return new TrainingRun(
        network, average, saved.plan(), train, saved.input(), saved.batchesDone());
  }

  /** The moving average that a plan asks for, at the network's weights. */
  private static Optional<WeightAverage> average(SpikingMlp network, TrainingPlan plan) {
    double decay = plan.optimisation().emaDecay();
    return decay > 0 ? Optional.of(new WeightAverage(network, decay)) : Optional.empty();
  }

  private static void requireFit(NetworkConfig config, ImageDataSet images, InputSpec input) {
    requireSize("the images are", images.height(), images.width(), config);
    requireSize("the input is", input.height(), input.width(), config);
    if (images.labels().size() != config.classes()) {
      throw new IllegalArgumentException(
          "the images have "
              + images.labels().size()
              + " classes, the network has "
              + config.classes());
    }
    if (images.size() == 0) {
      throw new IllegalArgumentException("there are no images to train on");
    }
  }

  private static void requireMemory(NetworkConfig config, TrainingPlan plan, ImageDataSet images) {
    TrainingMemory.of(config, plan.optimisation(), Batches.sizes(images.size(), plan.batchSize()))
        .requireFits();
  }

  private static void requireSize(String what, int height, int width, NetworkConfig config) {
    if (height != config.imageHeight() || width != config.imageWidth()) {
      throw new IllegalArgumentException(
          what
              + " "
              + height
              + "×"
              + width
              + ", the network's are "
              + config.imageHeight()
              + "×"
              + config.imageWidth());
    }
  }

  public long batchesDone() {
    return batchesDone;
  }

  public long batchesInAll() {
    return batches.inAll();
  }

  public long batchesPerEpoch() {
    return batches.perEpoch();
  }

  /** The learning rate of the last batch trained, of the first one to come if there is none. */
  public double learningRate() {
    return schedule.at(Math.max(0, batchesDone - 1));
  }

  public boolean done() {
    return batchesDone >= batches.inAll();
  }

  public TrainingPlan plan() {
    return plan;
  }

  public InputSpec input() {
    return input;
  }

  /**
   * The network to test and to export, in its present state: the moving average of the weights
   * where the plan has one, else {@link #learner()}. It stays the run's, and closes with it.
   */
  public SpikingMlp network() {
    return average.map(WeightAverage::network).orElse(network);
  }

  /** {@link WeightHash} of {@link #network()}. */
  public String weightsSha256() {
    return WeightHash.sha256(network().weights());
  }

  /** The network whose weights the gradients change; it stays the run's, and closes with it. */
  public SpikingMlp learner() {
    return network;
  }

  /**
   * Trains at most {@code count} batches, fewer where the run ends.
   *
   * @throws TrainingDivergedException if a batch's loss is not finite or more than 50·ln K, K being
   *     the classes; the weights are those before that batch. Or if the run's last batch left
   *     weights that are not finite: no loss after it would show them
   */
  public Segment train(int count) {
    long begun = System.nanoTime();
    int trained = 0;
    int seen = 0;
    int correct = 0;
    double loss = 0;
    double learningRate = schedule.at(batchesDone);
    while (trained < count && !done()) {
      Batches.Batch batch = pipeline.take(batchesDone);
      learningRate = schedule.at(batchesDone);
      Objective.Result result = step(batch, learningRate);
      int size = batch.labels().length;
      loss += result.loss() * size;
      correct += result.correct();
      seen += size;
      trained++;
      if (done()) {
        requireFiniteWeights();
      }
    }
    return new Segment(
        trained,
        seen,
        seen == 0 ? 0 : loss / seen,
        seen == 0 ? 0 : (double) correct / seen,
        learningRate,
        System.nanoTime() - begun);
  }

  private Objective.Result step(Batches.Batch batch, double learningRate) {
    Backpropagation pass =
        passes.computeIfAbsent(batch.labels().length, size -> new Backpropagation(network, size));
    pass.images().setAll(batch.images(), 0);
    Objective.Result result = evaluate(pass.forward(), batch);
    if (!(result.loss() <= DIVERGED * Math.log(network.config().classes()))) {
      throw new TrainingDivergedException(
          "the loss of batch " + batchesDone + " is far beyond that of guessing",
          batchesDone,
          result.loss(),
          learningRate);
    }
    lastLoss = result.loss();
    pass.backward(result.dLogits());
    optimiser.step(learningRate, batchesDone + 1);
    batchesDone++;
    average.ifPresent(follower -> follower.follow(batchesDone));
    return result;
  }

  private Objective.Result evaluate(double[][][] logits, Batches.Batch batch) {
    double smoothing = plan.optimisation().labelSmoothing();
    if (smoothing == 0 && batch.targets().isEmpty()) {
      return objective.evaluate(logits, batch.labels());
    }
    double[][] targets =
        batch.targets().orElseGet(() -> Targets.oneHot(batch.labels(), network.config().classes()));
    return objective.evaluate(logits, Targets.smoothed(targets, smoothing));
  }

  /**
   * Judges the epoch that has just ended by its mean loss, which its caller has summed up, over
   * interruptions too.
   *
   * @throws TrainingDivergedException if it is not finite or more than 20·max(1, ln K)
   */
  public void requireConverging(double meanLoss) {
    double guessing = Math.log(network.config().classes());
    if (!(meanLoss <= DIVERGED_EPOCH * Math.max(1, guessing))) {
      throw new TrainingDivergedException(
          "the mean loss of epoch %d is far beyond that of guessing, %.2f"
              .formatted(batchesDone / batches.perEpoch(), guessing),
          batchesDone - 1,
          meanLoss,
          plan.learningRate());
    }
  }

  private void requireFiniteWeights() {
    Parameters parameters = network.parameters();
    for (Parameter parameter : parameters.byName().values()) {
      Tensor home = parameters.home(parameter);
      int size = parameter.size();
      for (int i = 0; i < size; i++) {
        double value = home.get(parameter.offset() + parameter.place().applyAsInt(i));
        if (!Double.isFinite(value)) {
          throw new TrainingDivergedException(
              parameter.name() + " holds " + value, batchesDone - 1, lastLoss, learningRate());
        }
      }
    }
  }

  /**
   * Writes a checkpoint, whole or not at all.
   *
   * @throws TrainingDivergedException if weights are not finite; nothing is written then
   * @throws CheckpointException if it cannot be written
   */
  public void save(Path checkpoint) {
    requireFiniteWeights();
    new Checkpoint(network.config(), plan, input, batchesDone, images.size())
        .save(checkpoint, network, average.map(WeightAverage::network));
  }

  /** Frees the networks and the work buffers. */
  @Override
  public void close() {
    pipeline.close();
    passes.values().forEach(Backpropagation::close);
    passes.clear();
    average.ifPresent(WeightAverage::close);
    network.close();
  }
}
