package spikemlp.trainer.job;

import java.util.Map;
import spikemlp.contract.card.ExportProof;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.registry.Artifact;

/**
 * What {@code export} left in the job's directory.
 *
 * @param artifacts file name to content
 */
record ExportedModel(ModelCard card, ExportProof proof, Map<String, Artifact> artifacts) {

  ExportedModel {
    artifacts = Map.copyOf(artifacts);
  }
}
