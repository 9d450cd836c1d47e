package spikemlp.trainer.job;

/** A request with the same Idempotency-Key is still being processed. */
public final class KeyInUseException extends RuntimeException {

  public KeyInUseException() {
    super(
        "a request with the same Idempotency-Key is still being processed; repeat this one to get"
            + " its answer");
  }
}
