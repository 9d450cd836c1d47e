package spikemlp.contract.network;

/** What training minimises. */
public enum Loss {
  /** Softmax cross-entropy of the logits averaged over T. */
  MEAN,
  /** Temporal efficient training: (1−λ)·mean_t CE(logits[t]) + λ·MSE(logits[t], V_th). */
  TET
}
