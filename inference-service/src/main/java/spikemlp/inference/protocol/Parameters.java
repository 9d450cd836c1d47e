package spikemlp.inference.protocol;

import java.util.Map;
import java.util.Optional;

/** Looks into the protocol's parameters: strings, numbers and booleans by name. */
final class Parameters {

  private Parameters() {}

  static Optional<Boolean> flag(Map<String, Object> parameters, String name) {
    return of(Boolean.class, "true or false", parameters, name);
  }

  static Optional<String> text(Map<String, Object> parameters, String name) {
    return of(String.class, "a string", parameters, name);
  }

  static Optional<Long> number(Map<String, Object> parameters, String name) {
    return of(Long.class, "a whole number", parameters, name);
  }

  private static <T> Optional<T> of(
      Class<T> type, String right, Map<String, Object> parameters, String name) {
    return Optional.ofNullable(parameters.get(name))
        .map(value -> {
          if (type.isInstance(value)) {
            return type.cast(value);
          }
          throw BadRequest.because("parameter '" + name + "' is " + right + ", not " + value);
        });
  }
}
