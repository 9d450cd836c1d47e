package spikemlp.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import spikemlp.contract.energy.MemoryAccess;
import spikemlp.contract.energy.MemoryAwareModel;
import spikemlp.contract.energy.OperationCounts;
import spikemlp.contract.energy.PaperConvention;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.estimate.MemoryEstimate;
import spikemlp.estimate.NetworkEstimate;

@Command(
    name = "estimate",
    description =
        "Counts what a network would cost at a firing rate: parameters, operations, memory and"
            + " energy. Trains nothing and needs nothing running.")
final class EstimateCommand implements Callable<Integer> {

  private static final int SMALL_SIDE = 32;

  @Mixin private final HomeOptions common = new HomeOptions();
  @Mixin private final NetworkOptions network = new NetworkOptions();

  @Option(names = "--classes", description = "K (1000 with --variant, else 10).")
  private @Nullable Integer classes;

  @Option(
      names = "--rate",
      paramLabel = "RATE|FILE",
      description =
          "Spikes per neuron and time step (0.14, the paper's mean), or a JSON file with a rate for"
              + " each neuron layer, such as a version's report.json.")
  private String rate = "0.14";

  @Option(names = "--batch-size", description = "Images a training step (64).")
  private int batchSize = 64;

  @Option(
      names = "--access-bits",
      description = "Bits that an access to memory moves, in the memory-aware model (32).")
  private int accessBits = MemoryAwareModel.DEFAULT.memory().accessBits();

  @Spec private @Nullable CommandSpec spec;

  @Override
  @SuppressWarnings("NullAway") // picocli has set spec
  public Integer call() {
    boolean published = network.spec().variant() != null;
    int k = classes != null ? classes : published ? 1000 : 10;
    NetworkConfig config = network.spec().resolve(SMALL_SIDE, SMALL_SIDE, k);
    MemoryAwareModel standard = MemoryAwareModel.DEFAULT;
    NetworkEstimate estimate =
        NetworkEstimate.of(
            config,
            FiringRateOption.parse(rate),
            new MemoryAwareModel(
                standard.operations(),
                standard.addressing(),
                new MemoryAccess(accessBits),
                standard.valueBits()),
            batchSize);
    Terminal terminal = SpikeMlp.terminal(spec);
    lines(estimate).forEach(terminal::line);
    common.write(estimate);
    return 0;
  }

  /** The estimate as people read it. */
  static List<String> lines(NetworkEstimate estimate) {
    NetworkConfig config = estimate.network();
    List<String> lines = new ArrayList<>();
    lines.add(
        config.imageHeight()
            + "×"
            + config.imageWidth()
            + " pixels, patches of "
            + config.patchSize()
            + ", C₁ = "
            + config.embeddingDim()
            + ", depths "
            + config.depths().stream().map(String::valueOf).collect(Collectors.joining(","))
            + ", "
            + config.patchEncoding()
            + ", skips "
            + config.skips()
            + ", α = "
            + config.expansionRatio()
            + ", K = "
            + config.classes()
            + ", T = "
            + config.timeSteps());
    lines.add(
        String.format(
            Locale.ROOT,
            "%s parameters. Mean firing rate %.4g. All below is estimated, nothing measured.",
            Figures.count(estimate.parameters()),
            estimate.firingRate()));
    lines.add("");
    lines.addAll(Figures.table(operations(estimate)));
    lines.add("");
    lines.add(paper(estimate.paper()));
    lines.add("");
    lines.addAll(Figures.table(energy(estimate)));
    lines.add("");
    lines.addAll(Figures.table(memory(estimate.memory())));
    return lines;
  }

  private static List<List<String>> operations(NetworkEstimate estimate) {
    OperationCounts counts = estimate.operations();
    return List.of(
        List.of("operations an image", "", ""),
        row("dense additions a step (A)", estimate.denseAdditionsPerStep()),
        row("synaptic additions over T", counts.synapticAdditions()),
        row("  if every input spiked", counts.denseAdditions()),
        row("MACs of the first layer, once", counts.macs()),
        row("  ×T, if computed every step", counts.macsEveryStep()),
        row("MACs as an artificial network", counts.annMacs()),
        row("membrane updates", counts.membraneUpdates()),
        row("bias additions", counts.biasAdditions()),
        row("skip additions", counts.skipAdditions()));
  }

  private static List<String> row(String name, long count) {
    return List.of(name, Figures.count(count), Long.toString(count));
  }

  private static String paper(PaperConvention paper) {
    return String.format(
        Locale.ROOT,
        "As the paper counts (padding and the classifier's mean included): A = %.2f G spike-driven"
            + " additions a step,%nover T %.1f G additions and %.1f mJ, against %.1f mJ for %.2f G"
            + " MACs as an ANN.",
        paper.denseAdditionsPerStep() / 1e9,
        paper.synapticAdditions() / 1e9,
        paper.picojoules() / 1e9,
        paper.annPicojoules() / 1e9,
        paper.annMacs() / 1e9);
  }

  private static List<List<String>> energy(NetworkEstimate estimate) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("energy an image", "spiking", "as an ANN", "spiking / ANN"));
    for (NetworkEstimate.Energy energy : estimate.energy()) {
      rows.add(row(energy.model().name(), energy.picojoules(), energy.annPicojoules()));
    }
    NetworkEstimate.MemoryAware aware = estimate.memoryAware();
    rows.add(row(aware.name(), aware.picojoules(), aware.annPicojoules()));
    // Against the equal-bit network stands the spiking one with additions of the same precision.
    String precision = estimate.quantisedAnn().model().name();
    estimate.energy().stream()
        .filter(energy -> energy.model().name().equals(precision))
        .forEach(energy ->
            rows.add(
                row(
                    precision + ", ANN of " + estimate.quantisedAnn().activationBits() + " bits",
                    energy.picojoules(),
                    estimate.quantisedAnn().picojoules())));
    return rows;
  }

  private static List<String> row(String name, double picojoules, double annPicojoules) {
    return List.of(
        name,
        Figures.energy(picojoules),
        Figures.energy(annPicojoules),
        Figures.percent(picojoules / annPicojoules));
  }

  private static List<List<String>> memory(MemoryEstimate memory) {
    return List.of(
        List.of("memory", ""),
        List.of("weights, 32 bits", Figures.bytes(memory.weightBytes())),
        List.of("weights, 8 bits", Figures.bytes(memory.int8WeightBytes())),
        List.of("membrane potentials", Figures.bytes(memory.potentialBytes())),
        List.of("spikes of a step", Figures.bytes(memory.spikeBytes())),
        List.of("activations as an ANN", Figures.bytes(memory.annActivationBytes())),
        List.of(
            "training here, batch " + memory.batchSize(),
            Figures.bytes(memory.trainingBytes().total())));
  }
}
