package spikemlp.contract.network;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration with one or more wrong values, all of them named. */
public final class InvalidConfigurationException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  private final transient List<FieldProblem> problems;

  public InvalidConfigurationException(List<FieldProblem> problems) {
    super(problems.stream().map(FieldProblem::toString).collect(Collectors.joining("; ")));
    this.problems = List.copyOf(problems);
  }

  /** Every wrong value, in the order of the fields. */
  public List<FieldProblem> problems() {
    return problems;
  }
}
