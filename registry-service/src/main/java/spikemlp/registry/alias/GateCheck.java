package spikemlp.registry.alias;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import spikemlp.contract.network.FieldProblem;
import spikemlp.contract.network.InvalidConfigurationException;
import spikemlp.registry.StoredJson;

/** What a gate's conditions must look like. */
final class GateCheck {

  private static final int MOST_CONDITIONS = 32;
  private static final int MOST_CHARACTERS = 200;

  private GateCheck() {}

  /**
   * Checks every condition.
   *
   * @throws InvalidConfigurationException naming all that is wrong
   */
  static void check(List<GateCondition> conditions) {
    List<FieldProblem> problems = new ArrayList<>();
    if (conditions.isEmpty() || conditions.size() > MOST_CONDITIONS) {
      problems.add(
          new FieldProblem(
              "conditions",
              conditions.size() + " conditions",
              "a gate has 1 to " + MOST_CONDITIONS + " conditions; DELETE removes it"));
    }
    for (int i = 0; i < Math.min(conditions.size(), MOST_CONDITIONS); i++) {
      check("conditions[" + i + "]", conditions.get(i), problems);
    }
    if (!problems.isEmpty()) {
      throw new InvalidConfigurationException(problems);
    }
  }

  private static void check(String place, GateCondition condition, List<FieldProblem> problems) {
    metric(place + ".metric", condition.metric(), problems);
    if (GateCondition.Comparison.of(condition.comparison()).isEmpty()) {
      problems.add(
          new FieldProblem(
              place + ".comparison",
              condition.comparison(),
              "is one of " + GateCondition.Comparison.signs()));
    }
    GateCondition.Holder holder = condition.holder();
    if ((condition.constant() == null) == (holder == null)) {
      problems.add(
          new FieldProblem(
              place,
              condition.constant() == null ? "neither" : "both",
              "a condition has either a constant or a holder to compare with"));
    }
    finite(place + ".constant", condition.constant(), problems);
    if (holder != null) {
      if (holder.metric() != null) {
        metric(place + ".holder.metric", holder.metric(), problems);
      }
      finite(place + ".holder.factor", holder.factor(), problems);
      finite(place + ".holder.offset", holder.offset(), problems);
    }
  }

  private static void metric(String place, String metric, List<FieldProblem> problems) {
    if (metric.isBlank()
        || metric.length() > MOST_CHARACTERS
        || metric.chars().anyMatch(Character::isISOControl)
        || !StoredJson.storable(metric)) {
      problems.add(
          new FieldProblem(
              place,
              metric.length() + " characters",
              "a metric's name has 1 to "
                  + MOST_CHARACTERS
                  + " characters, none of them a control character"));
    }
  }

  private static void finite(String place, @Nullable Double value, List<FieldProblem> problems) {
    if (value != null && !Double.isFinite(value)) {
      problems.add(new FieldProblem(place, value.toString(), "is a finite number"));
    }
  }
}
