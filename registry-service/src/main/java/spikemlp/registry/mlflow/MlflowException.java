package spikemlp.registry.mlflow;

/** A refusal that only MLflow's API makes. */
final class MlflowException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final MlflowError.Code code;

  MlflowException(MlflowError.Code code, String message) {
    super(message);
    this.code = code;
  }

  MlflowError.Code code() {
    return code;
  }
}
