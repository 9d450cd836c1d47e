package spikemlp.inference.model;

import java.util.Locale;

/** Why a version answers a reference. */
public enum Route {
  /** The reference means it. */
  PRIMARY,
  /** A share of the reference's requests goes to it. */
  CANARY,
  /** It computes what the primary answered, for comparison; its answer goes to nobody. */
  SHADOW;

  /** As metrics call it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
