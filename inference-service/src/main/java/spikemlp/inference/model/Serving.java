package spikemlp.inference.model;

import spikemlp.contract.card.ExportProof;
import spikemlp.inference.engine.Lease;

/**
 * The version that answers a request, for use until closed.
 *
 * @param lease of the version
 * @param proof how it compares with what was trained
 * @param route why it is this one
 */
public record Serving(Lease lease, ExportProof proof, Route route) implements AutoCloseable {

  @Override
  public void close() {
    lease.close();
  }
}
