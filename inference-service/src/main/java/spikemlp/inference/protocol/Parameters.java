package spikemlp.inference.protocol;

import java.util.Map;
import java.util.Optional;

/** Looks into the protocol's parameters: strings, numbers and booleans by name. */
final class Parameters {

  private Parameters() {}

  static Optional<Boolean> flag(Map<String, Object> parameters, String name) {
    return Optional.ofNullable(parameters.get(name))
        .map(value -> {
          if (value instanceof Boolean flag) {
            return flag;
          }
          throw BadRequest.because("parameter '" + name + "' is true or false, not " + value);
        });
  }

  static Optional<String> text(Map<String, Object> parameters, String name) {
    return Optional.ofNullable(parameters.get(name))
        .map(value -> {
          if (value instanceof String text) {
            return text;
          }
          throw BadRequest.because("parameter '" + name + "' is a string, not " + value);
        });
  }

  static Optional<Long> number(Map<String, Object> parameters, String name) {
    return Optional.ofNullable(parameters.get(name))
        .map(value -> {
          if (value instanceof Long number) {
            return number;
          }
          throw BadRequest.because("parameter '" + name + "' is a whole number, not " + value);
        });
  }
}
