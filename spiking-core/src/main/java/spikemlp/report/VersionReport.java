package spikemlp.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import spikemlp.contract.card.ExportProof;
import spikemlp.contract.energy.OperationCounts;
import spikemlp.contract.job.EpochMetrics;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.registry.Artifact;

/**
 * All that the page of a version says. Texts may hold anything: the page escapes them.
 *
 * @param model the registered model's name
 * @param createdAt when it was exported, ISO-8601
 * @param request what was asked, by field
 * @param plan how it was trained, by field
 * @param variant a published variant's label, or {@code custom}
 * @param parameters trainable numbers
 * @param metrics further results, each with its name
 * @param lineage where it came from, by name
 * @param artifacts the files beside the page
 * @param software names and versions of what made it
 */
public record VersionReport(
    String model,
    String createdAt,
    Map<String, String> request,
    Map<String, String> plan,
    String variant,
    NetworkConfig network,
    long parameters,
    Images images,
    List<EpochMetrics> curve,
    Results results,
    List<Metric> metrics,
    ExportProof proof,
    List<ReceptiveField> receptiveFields,
    Map<String, String> lineage,
    Map<String, Artifact> artifacts,
    Map<String, Double> secondsByStep,
    Map<String, String> software) {

  /** The data set; {@code skipped} names pictures left out, with the reason. */
  public record Images(
      String dataSet,
      String contentHash,
      List<String> labels,
      int trainImages,
      int testImages,
      List<String> skipped) {

    public Images {
      labels = List.copyOf(labels);
      skipped = List.copyOf(skipped);
    }
  }

  /**
   * What the test images showed.
   *
   * @param accuracy in [0, 1]
   * @param loss mean cross-entropy
   * @param firingRates spikes per neuron and time step by canonical neuron layer, in [0, 1]
   * @param operations of a mean sample
   * @param energy by every model, the one to name first ahead
   */
  public record Results(
      int images,
      double accuracy,
      double loss,
      Map<String, Double> firingRates,
      OperationCounts operations,
      List<EnergyEstimate> energy) {

    public Results {
      firingRates = inOrder(firingRates);
      energy = List.copyOf(energy);
    }
  }

  /**
   * An energy model's estimate for a mean sample; never a measurement of joules.
   *
   * @param model the model's name
   * @param formula what it counts, in words
   * @param picojoules the network's
   * @param annPicojoules of the same network as an artificial one
   * @param quantisedAnnPicojoules of that with activations of as many bits as T steps tell apart;
   *     NaN where nobody counted it
   */
  public record EnergyEstimate(
      String model,
      String formula,
      double picojoules,
      double annPicojoules,
      double quantisedAnnPicojoules) {}

  /**
   * A result that has a name.
   *
   * @param value the number
   * @param unit behind it; empty for none
   * @param meaning how it is defined, in words
   */
  public record Metric(String name, double value, String unit, String meaning) {}

  public VersionReport {
    request = inOrder(request);
    plan = inOrder(plan);
    curve = List.copyOf(curve);
    metrics = List.copyOf(metrics);
    receptiveFields = List.copyOf(receptiveFields);
    lineage = inOrder(lineage);
    artifacts = inOrder(artifacts);
    secondsByStep = inOrder(secondsByStep);
    software = inOrder(software);
  }

  private static <T> Map<String, T> inOrder(Map<String, T> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
