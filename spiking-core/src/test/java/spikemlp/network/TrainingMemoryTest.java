package spikemlp.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import spikemlp.contract.job.Augmentation;
import spikemlp.contract.job.LearningRateSchedule;
import spikemlp.contract.job.Optimisation;
import spikemlp.contract.job.Optimizer;
import spikemlp.contract.job.TrainingPlan;
import spikemlp.contract.network.Loss;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.PatchEncoding;
import spikemlp.contract.network.Skips;
import spikemlp.kernel.Tensor;
import spikemlp.kernel.Workers;

/** The estimate against what a network and its passes hold after a step. */
final class TrainingMemoryTest {

  private static final double TOLERANCE = 15;

  static Stream<Arguments> trainings() {
    NetworkConfig wide = NetworkConfig.of(32, 32, 4, 96, List.of(1, 1), 10);
    NetworkConfig fine = NetworkConfig.of(48, 32, 2, 24, List.of(2, 1, 1), 10);
    return Stream.of(
        Arguments.of("little but weights", wide.withTimeSteps(1), List.of(1)),
        Arguments.of("weights and slices", wide, List.of(8)),
        Arguments.of("many tokens", fine, List.of(16)),
        Arguments.of(
            "partition, all skips, two sizes",
            fine.withPatchEncoding(PatchEncoding.PARTITION)
                .withSkips(new Skips(true, true, true, true)),
            List.of(12, 5)),
        Arguments.of(
            "one stage of large patches",
            NetworkConfig.of(96, 96, 16, 60, List.of(3), 100).withSkips(Skips.NONE),
            List.of(20)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("trainings")
  void theEstimateIsWhatIsTaken(String name, NetworkConfig config, List<Integer> batchSizes) {
    Held held = new Held();
    try (SpikingMlp network = SpikingMlp.create(config, 1)) {
      for (int batch : batchSizes) {
        Backpropagation pass = new Backpropagation(network, batch, Workers.CALLER);
        held.close.add(pass);
        Objective objective = new Objective(Loss.MEAN, 0, 1);
        pass.backward(objective.evaluate(pass.forward(), new int[batch]).dLogits());
        pass.descend(0.1, 0.9, 0);
        held.reach(pass);
        int image = 3 * config.imageHeight() * config.imageWidth();
        held.reach(List.of(new float[batch * image], new float[batch * image]));
      }
      held.reach(network);
      held.close.forEach(Backpropagation::close);
    }
    TrainingMemory estimate = TrainingMemory.of(config, batchSizes);
    assertThat(estimate.nativeBytes()).isCloseTo(held.nativeBytes, withinPercentage(TOLERANCE));
    assertThat(estimate.heapBytes()).isCloseTo(held.heapBytes, withinPercentage(TOLERANCE));
    assertThat(held.nativeBytes).isGreaterThan(1_000_000);
  }

  @Test
  void theEstimateKnowsOfMomentsAndAverages() {
    NetworkConfig config = NetworkConfig.of(32, 32, 4, 96, List.of(1, 1), 10).withTimeSteps(1);
    for (Optimizer optimizer : Optimizer.values()) {
      for (double decay : new double[] {0, 0.9}) {
        Optimisation optimisation =
            new Optimisation(optimizer, LearningRateSchedule.COSINE, 1, 0, decay);
        TrainingPlan plan =
            new TrainingPlan(1, 1, 0.1, 0.9, 0, Loss.MEAN, 0, Augmentation.NONE, 1, optimisation);
        Held held = new Held();
        try (SpikingMlp network = SpikingMlp.create(config, 1);
            WeightAverage average = new WeightAverage(network, decay);
            Backpropagation pass = new Backpropagation(network, 1, Workers.CALLER)) {
          Objective objective = new Objective(Loss.MEAN, 0, 1);
          pass.backward(objective.evaluate(pass.forward(), new int[1]).dLogits());
          new Optimiser(network, plan).step(0.1, 1);
          held.reach(pass);
          if (decay > 0) {
            average.follow(1);
            held.reach(average);
          }
        }
        TrainingMemory estimate = TrainingMemory.of(config, optimisation, List.of(1));
        assertThat(estimate.nativeBytes())
            .as("%s, %s", optimizer, decay)
            .isCloseTo(held.nativeBytes, withinPercentage(5));
      }
    }
  }

  @Test
  void whatDoesNotFitIsToldWithEstimateAndLimit() {
    TrainingMemory memory = new TrainingMemory(3_000_000_000L, 2_000_000_000L);
    assertThat(memory.problem(5_000_000_000L, 2_000_000_000L)).isEmpty();
    assertThat(memory.problem(4_900_000_000L, 2_000_000_000L).orElseThrow())
        .contains("5.0 GB of memory", "at most 4.9 GB", "lower the batch size, timeSteps");
    assertThat(memory.problem(5_000_000_000L, 1_900_000_000L).orElseThrow())
        .contains("2.0 GB of Java heap", "at most 1.9 GB", "lower the batch size", "-Xmx");
  }

  @Test
  void noSizeOverflows() {
    NetworkConfig vast =
        NetworkConfig.of(4096, 4096, 1, 16_383, List.of(1, 1), 10).withTimeSteps(1_000_000);
    assertThat(TrainingMemory.of(vast, List.of(65_536)).bytes()).isEqualTo(Long.MAX_VALUE);
  }

  /** The tensors and arrays that are reached from objects of this product. */
  private static final class Held {
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<Object> open = new ArrayDeque<>();
    private final List<Backpropagation> close = new ArrayList<>();
    private long nativeBytes;
    private long heapBytes;

    void reach(Object root) {
      add(root);
      while (!open.isEmpty()) {
        Object next = open.pop();
        switch (next) {
          case Enum<?> constant -> assertThat(constant.name()).isNotEmpty();
          case Tensor tensor -> fields(tensor);
          case INDArray array -> nativeBytes += array.length() * Float.BYTES; // of all its tensors
          case Workers workers -> assertThat(workers.threads()).isPositive();
          case Collection<?> all -> all.forEach(this::add);
          case Map<?, ?> map -> map.values().forEach(this::add);
          case Optional<?> optional -> optional.ifPresent(this::add);
          default -> {
            if (next.getClass().isArray()) {
              array(next);
            } else if (next.getClass().getName().startsWith("spikemlp.")) {
              fields(next);
            }
          }
        }
      }
    }

    private void add(@Nullable Object object) {
      if (object != null && seen.add(object)) {
        open.push(object);
      }
    }

    private void array(Object array) {
      int length = Array.getLength(array);
      Class<?> type = array.getClass().getComponentType();
      if (!type.isPrimitive()) {
        for (Object element : (Object[]) array) {
          add(element);
        }
      } else {
        heapBytes += (long) length * (type == double.class || type == long.class ? 8 : 4);
      }
    }

    private void fields(Object object) {
      for (Class<?> type = object.getClass(); type != Object.class; type = type.getSuperclass()) {
        for (Field field : type.getDeclaredFields()) {
          if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
            try {
              field.setAccessible(true);
              add(field.get(object));
            } catch (IllegalAccessException e) {
              throw new AssertionError(field.toString(), e);
            }
          }
        }
      }
    }
  }
}
