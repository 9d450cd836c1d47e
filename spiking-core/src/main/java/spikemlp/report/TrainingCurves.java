package spikemlp.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import spikemlp.contract.job.EpochMetrics;

/** Loss and accuracy of training and test images over epochs: figure 6 of the paper. */
final class TrainingCurves {

  private TrainingCurves() {}

  /** Two plots; nothing without an epoch. */
  static List<Markup> draw(List<EpochMetrics> curve) {
    if (curve.isEmpty()) {
      return List.of();
    }
    double[] epochs = values(curve, EpochMetrics::epoch);
    double last = epochs[epochs.length - 1];
    // One epoch alone stands in the middle of its axis.
    LinePlot.Range x =
        epochs[0] < last
            ? new LinePlot.Range(epochs[0], last)
            : new LinePlot.Range(last - 0.5, last + 0.5);
    List<LinePlot.Line> losses = new ArrayList<>();
    losses.add(new LinePlot.Line("training", epochs, values(curve, EpochMetrics::trainLoss)));
    double[] testLoss =
        values(curve, e -> e.testLoss() == null ? Double.NaN : e.testLoss().doubleValue());
    if (DoubleStream.of(testLoss).anyMatch(Double::isFinite)) {
      losses.add(new LinePlot.Line("test", epochs, testLoss));
    }
    double highest =
        losses.stream()
            .flatMapToDouble(line -> DoubleStream.of(line.y()))
            .filter(Double::isFinite)
            .max()
            .orElse(1);
    return List.of(
        new LinePlot(
                "Loss",
                "epoch",
                x,
                new LinePlot.Range(0, Math.max(1e-3, highest) * 1.05),
                value -> Numbers.significant(value, 3),
                losses)
            .draw(),
        new LinePlot(
                "Accuracy",
                "epoch",
                x,
                new LinePlot.Range(0, 1),
                value -> Numbers.percent(value, 0),
                List.of(
                    new LinePlot.Line(
                        "training", epochs, values(curve, EpochMetrics::trainAccuracy)),
                    new LinePlot.Line("test", epochs, values(curve, EpochMetrics::testAccuracy))))
            .draw());
  }

  private static double[] values(List<EpochMetrics> curve, ToDoubleFunction<EpochMetrics> part) {
    return curve.stream().mapToDouble(part).toArray();
  }
}
