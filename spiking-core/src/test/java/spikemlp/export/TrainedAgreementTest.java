package spikemlp.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import spikemlp.checkpoint.WeightTensor;
import spikemlp.contract.card.ExportProof;
import spikemlp.contract.card.WeightPrecision;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.job.Augmentation;
import spikemlp.contract.job.TrainingPlan;
import spikemlp.contract.network.Loss;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.Skips;
import spikemlp.data.DataSources;
import spikemlp.data.DataSplit;
import spikemlp.network.SpikingMlp;
import spikemlp.training.Evaluation;
import spikemlp.training.TrainingRun;

/**
 * Every combination of skips: trained on drawn digits until it tells them apart far better than
 * chance, exported, and proved on 1,000 digits that it has not seen.
 *
 * <p>Skips have no weights, so a combination trains on from the one with one skip more, and only
 * the one with all of them from the beginning.
 */
final class TrainedAgreementTest {

  private static final int SIZE = 16;
  private static final int PROVED = 1_000;
  private static final double LEARNT = 0.4;
  private static final int MOST_EPOCHS_MORE = 4;
  private static final Skips ALL = new Skips(true, true, true, true);
  private static final Map<Skips, Trained> TRAINED = new HashMap<>();

  private record Trained(Map<String, WeightTensor> weights, double accuracy) {}

  private static DataSplit digits;
  private static InputSpec input;

  @TempDir Path directory;

  @BeforeAll
  static void drawDigits() {
    digits = DataSources.digits(2400, PROVED, 5).load(SIZE, SIZE, InputSpec.Fit.STRETCH, 5);
    input = digits.train().inputSpec(InputSpec.Fit.STRETCH);
  }

  static Stream<Skips> everyCombination() {
    return IntStream.range(0, 16)
        .mapToObj(
            bits -> new Skips((bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0));
  }

  @ParameterizedTest
  @MethodSource("everyCombination")
  void aTrainedNetworksExportIsProved(Skips skips) {
    Trained trained = trained(skips);
    assertThat(trained.accuracy()).isGreaterThan(LEARNT);
    try (SpikingMlp network = SpikingMlp.create(config(skips), 1)) {
      network.load(trained.weights());
      requireProved(skips, trained.accuracy(), network, WeightPrecision.FP32);
      try (SpikingMlp quantised = network.quantised()) {
        double accuracy = Evaluation.of(quantised, digits.test(), input, 50).accuracy();
        requireProved(skips, accuracy, quantised, WeightPrecision.INT8);
        assertThat(accuracy).isGreaterThan(trained.accuracy() - 0.03);
      }
    }
  }

  private void requireProved(
      Skips skips, double accuracy, SpikingMlp network, WeightPrecision precision) {
    Path model = directory.resolve("model.onnx");
    OnnxExporter.export(network.weights(), Cards.of(config(skips)), precision, model);
    ExportProof proof = ExportCheck.prove(model, network, digits.test(), input, PROVED);
    System.out.printf(
        "%s %s: accuracy %.3f, %d of %d spikes differ, logits by %.1e%n",
        skips,
        precision.label(),
        accuracy,
        proof.differingSpikes(),
        proof.spikes(),
        proof.maxLogitError());
    assertThat(proof.images()).isEqualTo(PROVED);
    assertThat(proof.argmaxAgreements()).isEqualTo(PROVED);
    assertThat(proof.spikes()).isGreaterThan(1_000_000);
    assertThat(proof.differingSpikes()).isZero();
    assertThat(proof.maxLogitError()).isLessThan(1e-5);
    assertThat(proof.passed()).isTrue();
  }

  private static Trained trained(Skips skips) {
    Trained known = TRAINED.get(skips);
    if (known != null) {
      return known;
    }
    Trained trained =
        skips.equals(ALL)
            ? train(skips, 5, 0.5, Map.of())
            : train(skips, 1, 0.3, trained(withOneMore(skips)).weights());
    for (int more = 0; more < MOST_EPOCHS_MORE && trained.accuracy() <= LEARNT; more++) {
      trained = train(skips, 1, 0.3, trained.weights());
    }
    TRAINED.put(skips, trained);
    return trained;
  }

  private static Skips withOneMore(Skips s) {
    if (!s.pc()) {
      return new Skips(s.pt(), true, s.tc(), s.ct());
    }
    if (!s.pt()) {
      return new Skips(true, true, s.tc(), s.ct());
    }
    return s.tc() ? ALL : new Skips(true, true, true, s.ct());
  }

  private static Trained train(
      Skips skips, int epochs, double learningRate, Map<String, WeightTensor> from) {
    TrainingPlan plan =
        new TrainingPlan(epochs, 32, learningRate, 0.9, 0, Loss.MEAN, 0.05, Augmentation.NONE, 3);
    try (TrainingRun run = TrainingRun.start(config(skips), plan, digits.train(), input)) {
      if (!from.isEmpty()) {
        run.network().load(from);
      }
      while (!run.done()) {
        run.train(25);
      }
      double accuracy = Evaluation.of(run.network(), digits.test(), input, 50).accuracy();
      return new Trained(run.network().weights(), accuracy);
    }
  }

  private static NetworkConfig config(Skips skips) {
    return NetworkConfig.of(SIZE, SIZE, 4, 24, List.of(2, 1), 10).withSkips(skips);
  }
}
