package spikemlp.registry.alias;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One condition of a gate: a number of the candidate against a constant, or against a number of the
 * alias's present holder, such as {@code accuracy >= 1.0 · holder.accuracy - 0.005}.
 *
 * @param metric the candidate's number, by the names of {@link spikemlp.registry.version.Measures}
 * @param comparison {@code <}, {@code <=}, {@code >} or {@code >=}
 * @param constant the reference, or null
 * @param holder the reference, or null
 */
record GateCondition(
    String metric, String comparison, @Nullable Double constant, @Nullable Holder holder) {

  /**
   * A number of the alias's present holder: {@code factor · metric + offset}.
   *
   * @param metric null for the candidate's own
   * @param factor null for 1
   * @param offset null for 0
   */
  record Holder(@Nullable String metric, @Nullable Double factor, @Nullable Double offset) {

    double reference(double value) {
      return (factor == null ? 1 : factor) * value + (offset == null ? 0 : offset);
    }
  }

  /** How the two numbers are compared. */
  enum Comparison {
    LESS("<"),
    LESS_OR_EQUAL("<="),
    GREATER(">"),
    GREATER_OR_EQUAL(">=");

    private final String sign;

    Comparison(String sign) {
      this.sign = sign;
    }

    static Optional<Comparison> of(String sign) {
      return Arrays.stream(values()).filter(each -> each.sign.equals(sign)).findFirst();
    }

    static String signs() {
      return Arrays.stream(values()).map(each -> each.sign).collect(Collectors.joining(", "));
    }

    boolean holds(double candidate, double reference) {
      return switch (this) {
        case LESS -> candidate < reference;
        case LESS_OR_EQUAL -> candidate <= reference;
        case GREATER -> candidate > reference;
        case GREATER_OR_EQUAL -> candidate >= reference;
      };
    }
  }

  /**
   * A condition that does not hold.
   *
   * @param condition in words
   * @param candidate the candidate's number; null if it has none
   * @param reference what it was compared with; null if the holder has no such number
   */
  record Failure(
      String condition,
      String metric,
      String comparison,
      @Nullable Double candidate,
      @Nullable Double reference) {

    String words() {
      return condition
          + ": "
          + (candidate == null
              ? "the candidate has no " + metric
              : "the candidate has " + candidate)
          + (reference == null ? ", the holder's number is missing" : ", asked for " + reference);
    }
  }

  /**
   * What stands against the candidate; empty if nothing does. Without a holder, a condition on it
   * holds; a number that is missing on either side fails.
   *
   * @param holderNumbers empty if nothing holds the alias
   */
  Optional<Failure> failure(
      Map<String, Double> candidateNumbers, Optional<Map<String, Double>> holderNumbers) {
    if (holder != null && holderNumbers.isEmpty()) {
      return Optional.empty();
    }
    @Nullable Double candidate = candidateNumbers.get(metric);
    @Nullable Double reference =
        holder == null ? constant : reference(holder, holderNumbers.orElseThrow());
    boolean holds =
        candidate != null
            && reference != null
            && Comparison.of(comparison).orElseThrow().holds(candidate, reference);
    return holds
        ? Optional.empty()
        : Optional.of(new Failure(words(), metric, comparison, candidate, reference));
  }

  private @Nullable Double reference(Holder of, Map<String, Double> numbers) {
    @Nullable Double value = numbers.get(of.metric() == null ? metric : of.metric());
    return value == null ? null : of.reference(value);
  }

  /** The condition as people write it. */
  String words() {
    if (holder == null) {
      return metric + " " + comparison + " " + constant;
    }
    Double factor = holder.factor();
    Double offset = holder.offset();
    return metric
        + " "
        + comparison
        + " "
        + (factor == null ? "" : factor + " * ")
        + "holder."
        + (holder.metric() == null ? metric : holder.metric())
        + (offset == null ? "" : (offset < 0 ? " - " : " + ") + Math.abs(offset));
  }
}
