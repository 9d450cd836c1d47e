package spikemlp.trainer.job;

import java.util.List;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.card.Parent;
import spikemlp.contract.card.StartMode;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.registry.Artifact;
import spikemlp.contract.registry.ModelVersion;

/**
 * The version that a job starts from, pinned when the job was submitted.
 *
 * @param parent what the trained version's card will say of it
 * @param checkpoint the file with its weights
 * @param variant its network's label
 * @param network its network
 * @param input how pictures become its input
 * @param labels its classes' names, index = class
 */
record StartVersion(
    Parent parent,
    Artifact checkpoint,
    String variant,
    NetworkConfig network,
    InputSpec input,
    List<String> labels) {

  StartVersion {
    labels = List.copyOf(labels);
  }

  static StartVersion of(ModelVersion version, Artifact checkpoint, StartMode mode) {
    ModelCard card = version.card();
    return new StartVersion(
        new Parent(
            version.model(),
            version.version(),
            checkpoint.sha256(),
            mode,
            card.network().timeSteps()),
        checkpoint,
        card.variant(),
        card.network(),
        card.input(),
        card.labels());
  }

  /** The version as people name it, {@code digits:3}. */
  String reference() {
    return parent.model() + ":" + parent.version();
  }
}
