package spikemlp.problem;

import java.util.Arrays;
import java.util.Collection;
import java.util.stream.Collectors;
import org.springframework.http.converter.HttpMessageNotReadableException;
import spikemlp.contract.network.FieldProblem;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Says in the caller's words why a JSON body could not be read: no class names, no source. */
final class UnreadableJson {

  private UnreadableJson() {}

  static FieldProblem explain(HttpMessageNotReadableException failure) {
    return switch (failure.getCause()) {
      case UnrecognizedPropertyException e ->
          new FieldProblem(path(e), "", "is not a field that this request has");
      case InvalidFormatException e ->
          new FieldProblem(
              path(e), String.valueOf(e.getValue()), "is not " + describe(e.getTargetType()));
      case MismatchedInputException e ->
          new FieldProblem(path(e), "", "is missing or is not " + describe(e.getTargetType()));
      case StreamReadException e ->
          new FieldProblem(
              "body",
              "",
              "is not JSON: it breaks off or is malformed at line "
                  + e.getLocation().getLineNr()
                  + ", column "
                  + e.getLocation().getColumnNr());
      case JacksonException e -> new FieldProblem(path(e), "", "cannot be read");
      case null, default -> new FieldProblem("body", "", "is missing or cannot be read");
    };
  }

  private static String path(JacksonException failure) {
    String path =
        failure.getPath().stream()
            .map(reference ->
                reference.getPropertyName() == null
                    ? "[" + reference.getIndex() + "]"
                    : "." + reference.getPropertyName())
            .collect(Collectors.joining());
    return path.isEmpty() ? "body" : path.startsWith(".") ? path.substring(1) : path;
  }

  /** A type in words, such as {@code a whole number}. */
  static String describe(Class<?> type) {
    if (type.isEnum()) {
      return "one of "
          + Arrays.stream(type.getEnumConstants())
              .map(String::valueOf)
              .collect(Collectors.joining(", "));
    }
    if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
      return "a whole number" + (type == int.class || type == Integer.class ? " of 32 bits" : "");
    }
    if (Number.class.isAssignableFrom(type) || type == double.class || type == float.class) {
      return "a number";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type == String.class) {
      return "a text";
    }
    if (Collection.class.isAssignableFrom(type) || type.isArray()) {
      return "a list";
    }
    return "of the right form";
  }
}
