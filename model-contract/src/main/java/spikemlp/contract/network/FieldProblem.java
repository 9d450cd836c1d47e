package spikemlp.contract.network;

/**
 * One wrong value in a configuration or request.
 *
 * @param field the path of the value, such as {@code network.embeddingDim}
 * @param value the value as given
 * @param message what is wrong with it and what would be right
 */
public record FieldProblem(String field, String value, String message) {

  /** The same problem with its field below {@code prefix}. */
  public FieldProblem below(String prefix) {
    return new FieldProblem(prefix + "." + field, value, message);
  }

  /**
   * The place as a JSON pointer (RFC 6901): {@code /network/depths/1} of {@code network.depths[1]}.
   */
  public String pointer() {
    return "/" + field.replace("]", "").replace('[', '.').replace('.', '/');
  }

  @Override
  public String toString() {
    return field + " = " + value + ": " + message;
  }
}
