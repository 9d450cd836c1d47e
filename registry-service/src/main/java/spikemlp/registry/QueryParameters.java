package spikemlp.registry;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;
import org.springframework.util.MultiValueMap;
import spikemlp.contract.network.FieldProblem;
import spikemlp.problem.ProblemException;

/**
 * The parameters of a request's query. What is wrong with any of them is kept until {@link #check},
 * which names all of it at once, and every parameter that was not asked for. Mutable; one request.
 */
public final class QueryParameters {

  private final MultiValueMap<String, String> given;
  private final Set<String> known = new LinkedHashSet<>();
  private final List<FieldProblem> problems = new ArrayList<>();

  public QueryParameters(MultiValueMap<String, String> given) {
    this.given = given;
  }

  /** A text without control characters, of one character or more. */
  public Optional<String> text(String name) {
    return read(
        name,
        "is a text without control characters",
        value ->
            value.isBlank()
                    || value.chars().anyMatch(Character::isISOControl)
                    || !StoredJson.storable(value)
                ? Optional.empty()
                : Optional.of(value));
  }

  /** Any text, for a parser that says itself what is wrong with it. */
  public Optional<String> raw(String name) {
    return read(name, "is a text", Optional::of);
  }

  /** A whole number. */
  public Optional<Integer> number(String name, int least, int most) {
    return read(
        name,
        "is a whole number from " + least + " to " + most,
        value ->
            value.matches("[0-9]{1,9}")
                ? Optional.of(Integer.valueOf(value))
                    .filter(number -> number >= least && number <= most)
                : Optional.empty());
  }

  /**
   * What the parser makes of a parameter.
   *
   * @param right what a right value is; said where the parser finds none
   */
  public <T> Optional<T> read(String name, String right, Function<String, Optional<T>> parser) {
    known.add(name);
    List<String> values = values(name);
    if (values.size() > 1) {
      problems.add(
          new FieldProblem(
              name,
              String.join(", ", values),
              "is given " + values.size() + " times; once is right"));
      return Optional.empty();
    }
    if (values.isEmpty()) {
      return Optional.empty();
    }
    Optional<T> read = parser.apply(values.getFirst());
    if (read.isEmpty()) {
      problems.add(new FieldProblem(name, values.getFirst(), right));
    }
    return read;
  }

  /**
   * Ends the reading.
   *
   * @throws ProblemException 400, naming everything that was wrong
   */
  public void check() {
    for (String name : given.keySet()) {
      if (!known.contains(name)) {
        problems.add(
            new FieldProblem(
                name,
                String.join(", ", values(name)),
                "is no parameter here; there are " + String.join(", ", known)));
      }
    }
    if (!problems.isEmpty()) {
      throw new ProblemException(
          HttpStatus.BAD_REQUEST,
          "invalid-request",
          problems.stream()
              .map(problem -> problem.field() + " " + problem.message())
              .collect(Collectors.joining("; ")),
          Map.of("errors", List.copyOf(problems)));
    }
  }

  private List<String> values(String name) {
    List<String> values = given.get(name);
    return values == null ? List.of() : values.stream().map(String::valueOf).toList();
  }
}
