package spikemlp.export;

/**
 * A network that multiplies numbers where it should add weights of spikes. The message names the
 * node, its operator, the operand and what the operand can be.
 */
public final class NotMultiplicationFreeException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  NotMultiplicationFreeException(String node, String operator, String reason) {
    super("node '" + node + "' (" + operator + ") is not multiplication-free: " + reason);
  }
}
