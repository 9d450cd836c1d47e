package spikemlp.inference.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.classify.EnergyReport;
import spikemlp.contract.energy.EnergyEstimator;
import spikemlp.contract.energy.OperationCounts;
import spikemlp.inference.classify.Answers;
import spikemlp.inference.engine.Outputs;
import spikemlp.inference.engine.ServedVersion;
import spikemlp.inference.serve.Answered;

/**
 * What a request is answered with.
 *
 * @param version that answered
 * @param card its
 * @param answered the outputs and the times
 * @param energy one report a sample
 */
record InferAnswer(
    ServedVersion version, ModelCard card, Answered answered, List<EnergyReport> energy) {

  InferAnswer {
    energy = List.copyOf(energy);
  }

  static InferAnswer of(
      ServedVersion version, ModelCard card, Answered answered, EnergyEstimator estimator) {
    Outputs outputs = answered.outputs();
    List<EnergyReport> energy = new ArrayList<>();
    for (int b = 0; b < outputs.batch(); b++) {
      energy.add(EnergyReport.of(estimator, card, outputs.spikes()[b], outputs.windows()[b]));
    }
    return new InferAnswer(version, card, answered, energy);
  }

  int batch() {
    return answered.outputs().batch();
  }

  /** An FP32 output's row. */
  float[] floats(OutputTensor tensor, int sample) {
    float[] logits = answered.outputs().logits()[sample];
    if (tensor == OutputTensor.LOGITS) {
      return logits;
    }
    double[] exact = Answers.probabilities(logits);
    float[] probabilities = new float[exact.length];
    for (int k = 0; k < exact.length; k++) {
      probabilities[k] = (float) exact[k];
    }
    return probabilities;
  }

  long[] spikes(int sample) {
    return answered.outputs().spikes()[sample];
  }

  double picojoules(int sample) {
    return energy.get(sample).picojoules();
  }

  /** The totals of all samples, as the protocol's parameters: names to numbers and strings. */
  Map<String, Object> totals() {
    EnergyReport first = energy.getFirst();
    Map<String, Object> totals = new LinkedHashMap<>();
    totals.put("precision", version.precision().label());
    totals.put("energy_model", first.model().name());
    totals.put("add_pj", first.model().addPicojoules());
    totals.put("mac_pj", first.model().macPicojoules());
    totals.put("energy_pj", sum(EnergyReport::picojoules));
    totals.put("ann_energy_pj", sum(EnergyReport::annPicojoules));
    totals.put("quantised_ann_energy_pj", sum(report -> report.quantisedAnn().picojoules()));
    totals.put("quantised_ann_bits", first.quantisedAnn().activationBits());
    totals.put("spikes", count(EnergyReport::spikes));
    totals.put("synaptic_additions", operations(OperationCounts::synapticAdditions));
    totals.put("dense_additions", operations(OperationCounts::denseAdditions));
    totals.put("macs", operations(OperationCounts::macs));
    totals.put("membrane_updates", operations(OperationCounts::membraneUpdates));
    totals.put("bias_additions", operations(OperationCounts::biasAdditions));
    totals.put("skip_additions", operations(OperationCounts::skipAdditions));
    totals.put("ann_macs", operations(OperationCounts::annMacs));
    totals.put("wait_ms", answered.waitMillis());
    totals.put("compute_ms", answered.computeMillis());
    totals.put("largest_batch", answered.largestBatch());
    return totals;
  }

  private double sum(ToDoubleFunction<EnergyReport> value) {
    return energy.stream().mapToDouble(value).sum();
  }

  private long count(ToLongFunction<EnergyReport> value) {
    return energy.stream().mapToLong(value).sum();
  }

  private long operations(ToLongFunction<OperationCounts> value) {
    return count(report -> value.applyAsLong(report.operations()));
  }
}
