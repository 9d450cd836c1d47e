package spikemlp.contract.job;

import java.util.ArrayList;
import java.util.List;
import spikemlp.contract.network.FieldProblem;
import spikemlp.contract.network.InvalidConfigurationException;

/** Collects every number that is out of its range. Used by one constructor call. */
final class Ranges {

  private final List<FieldProblem> problems = new ArrayList<>();

  Ranges within(String field, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      problems.add(
          new FieldProblem(
              field, number(value), "must be from " + number(least) + " to " + number(most)));
    }
    return this;
  }

  Ranges ordered(String lower, double least, String upper, double most) {
    if (least > most) {
      problems.add(
          new FieldProblem(lower, number(least), "must be at most " + upper + ", " + number(most)));
    }
    return this;
  }

  Ranges require(boolean right, String field, String value, String message) {
    if (!right) {
      problems.add(new FieldProblem(field, value, message));
    }
    return this;
  }

  void check() {
    if (!problems.isEmpty()) {
      throw new InvalidConfigurationException(problems);
    }
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
