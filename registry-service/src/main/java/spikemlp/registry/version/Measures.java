package spikemlp.registry.version;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import spikemlp.contract.card.ExportProof;
import spikemlp.contract.energy.EnergyModel;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.contract.registry.RegisterVersionRequest;

/**
 * The numbers of a version that gates and comparisons know: every metric by its name, and
 *
 * <ul>
 *   <li>{@code energy_pj.NAME} the estimate of that {@link EnergyModel} for a mean sample, pJ, of a
 *       version with the metrics {@code macs} and {@code synaptic_additions}
 *   <li>{@code size_bytes}, {@code size_bytes.FILE} of the model file, of each file
 *   <li>{@code proof.passed} 1 or 0; {@code proof.images}; {@code proof.argmax_agreement} a share
 *       of the images; {@code proof.differing_spikes} a share of the spikes; {@code
 *       proof.max_logit_error}
 * </ul>
 */
public final class Measures {

  private Measures() {}

  /** The version's numbers by name; what is computed here goes before a metric of that name. */
  public static Map<String, Double> of(ModelVersion version) {
    SortedMap<String, Double> measures = new TreeMap<>(version.metrics());
    version
        .artifacts()
        .forEach((file, artifact) -> measures.put("size_bytes." + file, (double) artifact.size()));
    Double model = measures.get("size_bytes." + RegisterVersionRequest.MODEL_FILE);
    if (model != null) {
      measures.put("size_bytes", model);
    }
    proof(version.proof(), measures);
    energy(version.metrics(), measures);
    return Collections.unmodifiableMap(measures);
  }

  private static void proof(ExportProof proof, Map<String, Double> measures) {
    measures.put("proof.passed", proof.passed() ? 1.0 : 0.0);
    measures.put("proof.images", (double) proof.images());
    measures.put("proof.max_logit_error", proof.maxLogitError());
    if (proof.images() > 0) {
      measures.put("proof.argmax_agreement", (double) proof.argmaxAgreements() / proof.images());
    }
    if (proof.spikes() > 0) {
      measures.put("proof.differing_spikes", (double) proof.differingSpikes() / proof.spikes());
    }
  }

  private static void energy(Map<String, Double> metrics, Map<String, Double> measures) {
    Double macs = metrics.get("macs");
    Double additions = metrics.get("synaptic_additions");
    if (macs != null && additions != null) {
      for (EnergyModel model : EnergyModel.ALL) {
        measures.put(
            "energy_pj." + model.name(),
            model.macPicojoules() * macs + model.addPicojoules() * additions);
      }
    }
  }
}
