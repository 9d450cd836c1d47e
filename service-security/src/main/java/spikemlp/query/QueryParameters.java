package spikemlp.query;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
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

  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  private final MultiValueMap<String, String> given;
  private final Set<String> known = new LinkedHashSet<>();
  private final List<FieldProblem> problems = new ArrayList<>();

  public QueryParameters(MultiValueMap<String, String> given) {
    this.given = given;
  }

  /** A text of one character or more, none a control character or half of a surrogate pair. */
  public Optional<String> text(String name) {
    return read(
        name,
        "is a text without control characters",
        value -> {
          require(!value.isBlank() && value.chars().noneMatch(Character::isISOControl));
          require(StandardCharsets.UTF_8.newEncoder().canEncode(value));
          return value;
        });
  }

  /** Any text, for a parser that says itself what is wrong with it. */
  public Optional<String> raw(String name) {
    return read(name, "is a text", value -> value);
  }

  /** A whole number of at most nine digits. */
  public Optional<Integer> number(String name, int least, int most) {
    return read(
        name,
        "is a whole number from " + least + " to " + most,
        value -> {
          require(value.matches("[0-9]{1,9}"));
          int number = Integer.parseInt(value);
          require(number >= least && number <= most);
          return number;
        });
  }

  /**
   * The number of a row.
   *
   * @param right what a right value is
   */
  public Optional<Long> id(String name, String right) {
    return read(
        name,
        right,
        value -> {
          require(value.matches("[0-9]{1,18}"));
          return Long.parseLong(value);
        });
  }

  /** A point in time, to the microsecond. */
  public Optional<Instant> instant(String name) {
    return read(
        name, "is an ISO 8601 instant such as 2026-01-31T12:00:00Z", QueryParameters::instantOf);
  }

  /**
   * An instant that something may have been created at.
   *
   * @throws IllegalArgumentException if it is before 1970 or after 9999
   * @throws DateTimeException if it is none
   */
  public static Instant instantOf(String value) {
    Instant instant = Instant.parse(value);
    require(!instant.isBefore(Instant.EPOCH) && !instant.isAfter(LATEST));
    return instant;
  }

  /** The constants named; the parameter may be repeated. */
  public <E extends Enum<E>> Set<E> choices(String name, Class<E> type) {
    known.add(name);
    Set<E> chosen = new LinkedHashSet<>();
    for (String value : values(name)) {
      Optional<E> choice =
          Arrays.stream(type.getEnumConstants())
              .filter(constant -> constant.name().equals(value))
              .findFirst();
      if (choice.isEmpty()) {
        problem(
            name,
            value,
            "is one of "
                + Arrays.stream(type.getEnumConstants())
                    .map(Enum::name)
                    .collect(Collectors.joining(", ")));
      }
      choice.ifPresent(chosen::add);
    }
    return chosen;
  }

  /**
   * What the parser makes of a parameter.
   *
   * @param right what a right value is; said where the parser throws an IllegalArgumentException or
   *     a DateTimeException
   */
  public <T> Optional<T> read(String name, String right, Function<String, T> parser) {
    known.add(name);
    List<String> values = values(name);
    if (values.isEmpty()) {
      return Optional.empty();
    }
    if (values.size() > 1) {
      problem(
          name, String.join(", ", values), "is given " + values.size() + " times; once is right");
      return Optional.empty();
    }
    try {
      return Optional.of(parser.apply(values.getFirst()));
    } catch (IllegalArgumentException | DateTimeException e) {
      problem(name, values.getFirst(), right);
      return Optional.empty();
    }
  }

  /**
   * Ends the reading.
   *
   * @throws ProblemException 400, naming everything that was wrong
   */
  public void check() {
    for (String name : given.keySet()) {
      if (!known.contains(name)) {
        problem(
            name,
            String.join(", ", values(name)),
            "is no parameter here; there are " + String.join(", ", known));
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

  private void problem(String name, String value, String message) {
    problems.add(new FieldProblem(name, value, message));
  }

  private static void require(boolean right) {
    if (!right) {
      throw new IllegalArgumentException();
    }
  }
}
