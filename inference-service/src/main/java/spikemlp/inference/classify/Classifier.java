package spikemlp.inference.classify;

import org.springframework.stereotype.Component;
import spikemlp.contract.classify.Classification;
import spikemlp.contract.energy.EnergyModel;
import spikemlp.contract.image.ImagePreparation;
import spikemlp.contract.registry.ModelReference;
import spikemlp.inference.engine.ComputeGate;
import spikemlp.inference.engine.Deadline;
import spikemlp.inference.engine.EngineProperties;
import spikemlp.inference.engine.Held;
import spikemlp.inference.engine.LoadedModels;
import spikemlp.inference.engine.Outputs;
import spikemlp.inference.model.ServedModels;

/**
 * From a picture's bytes to its classification: a place, the version that answers, a turn to
 * compute; then decode, prepare, infer and count. Decoding waits for its turn too: it costs as much
 * memory and time as a small network.
 */
@Component
final class Classifier {

  private static final double NANOS_PER_MILLI = 1e6;

  private final ComputeGate gate;
  private final ServedModels models;
  private final EngineProperties engine;
  private final InferenceMetrics metrics;

  Classifier(
      ComputeGate gate, ServedModels models, EngineProperties engine, InferenceMetrics metrics) {
    this.gate = gate;
    this.models = models;
    this.engine = engine;
    this.metrics = metrics;
  }

  /**
   * Classifies one picture.
   *
   * @param picture an encoded JPEG or PNG
   * @param topK at least 1
   */
  Classification classify(ModelReference reference, byte[] picture, int topK, EnergyModel energy) {
    long arrived = System.nanoTime();
    Deadline deadline = Deadline.in(engine.deadline());
    try (Held _ = gate.admit();
        LoadedModels.Lease model = models.lease(reference, deadline);
        Held _ = gate.turn(deadline)) {
      long began = System.nanoTime();
      float[] image = new ImagePreparation(model.card().input()).prepare(picture);
      Outputs outputs = model.infer(image, 1, deadline);
      Classification answer =
          new Classification(
              model.version().model(),
              model.version().version(),
              Answers.predictions(model.card(), outputs.logits()[0], topK),
              Answers.energy(model.card(), energy, outputs.spikes()[0], outputs.windows()[0]),
              (began - arrived) / NANOS_PER_MILLI,
              (System.nanoTime() - began) / NANOS_PER_MILLI);
      metrics.answered(answer);
      return answer;
    }
  }
}
