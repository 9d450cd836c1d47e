package spikemlp.launcher;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import spikemlp.checkpoint.CheckpointException;
import spikemlp.training.GoldenVector;
import spikemlp.training.GoldenVectorReport;

@Command(
    name = "check-vector",
    description =
        "Runs a golden vector's network and steps on the core and compares: relative errors and"
            + " differing spikes. Exit status 1 past the tolerance.")
final class CheckVectorCommand implements Callable<Integer> {

  private static final int WORST_SHOWN = 3;

  @Mixin private final HomeOptions common = new HomeOptions();

  @Parameters(paramLabel = "FILE", description = "A golden vector, a safetensors file.")
  private Path file = Path.of("");

  @Spec private @Nullable CommandSpec spec;

  @Override
  @SuppressWarnings("NullAway") // picocli has set spec
  public Integer call() {
    GoldenVectorReport report = check(UpCommand.existing(file));
    Terminal terminal = SpikeMlp.terminal(spec);
    terminal.line(report.name() + ", relative errors ‖a-b‖/‖b‖:");
    terminal.line(row("logits", report.logits(), ""));
    terminal.line(row("losses", worst(report.losses()), names(report.losses())));
    terminal.line(row("gradients", worst(report.gradients()), names(report.gradients())));
    terminal.line(row("state after", worst(report.after()), names(report.after())));
    terminal.line(row("logits, inference", report.evaluationLogits(), ""));
    terminal.line(
        "  differing spikes   " + report.spikesDiffering() + differing(report.differingSpikes()));
    terminal.line(
        String.format(
            Locale.ROOT,
            "%s: the largest error is %.2e, the tolerance %.0e",
            report.passed() ? "passed" : "FAILED",
            report.worst(),
            report.tolerance()));
    common.write(Map.of("passed", report.passed(), "report", report));
    return report.passed() ? 0 : SpikeMlp.FAILURE;
  }

  private static GoldenVectorReport check(Path file) {
    try {
      return GoldenVector.check(file);
    } catch (CheckpointException e) {
      throw new LauncherException(String.valueOf(e.getMessage()), e);
    }
  }

  private static String row(String what, double error, String detail) {
    return String.format(Locale.ROOT, "  %-18s %.2e%s", what, error, detail);
  }

  private static double worst(Map<String, Double> errors) {
    return errors.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
  }

  private static String names(Map<String, Double> errors) {
    List<String> worst =
        errors.entrySet().stream()
            .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder()))
            .limit(1)
            .map(Map.Entry::getKey)
            .toList();
    return worst.isEmpty() ? "" : "  (" + errors.size() + ", worst " + worst.getFirst() + ")";
  }

  private static String differing(Map<String, Long> layers) {
    List<String> wrong =
        layers.entrySet().stream()
            .filter(layer -> layer.getValue() != 0)
            .limit(WORST_SHOWN)
            .map(layer -> layer.getKey() + ": " + layer.getValue())
            .toList();
    return wrong.isEmpty() ? "" : "  (" + String.join(", ", wrong) + ")";
  }
}
