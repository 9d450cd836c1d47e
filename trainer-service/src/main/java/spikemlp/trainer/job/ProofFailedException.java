package spikemlp.trainer.job;

import spikemlp.contract.card.ExportProof;

/** The exported model does not compute what the core computes. */
final class ProofFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ProofFailedException(ExportProof proof) {
    super(
        "the exported model failed its proof against the core: the same class on "
            + proof.argmaxAgreements()
            + " of "
            + proof.images()
            + " images (all are needed), "
            + proof.differingSpikes()
            + " of "
            + proof.spikes()
            + " spikes different (no more than 1 in 100,000 may be), "
            + (proof.multiplicationFree() ? "" : "not ")
            + "multiplication-free, largest logit error "
            + proof.maxLogitError()
            + " with "
            + proof.runtime()
            + "; nothing was registered");
  }
}
