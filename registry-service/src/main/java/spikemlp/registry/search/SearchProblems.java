package spikemlp.registry.search;

import java.util.Map;
import org.springframework.http.HttpStatus;
import spikemlp.problem.ProblemException;

/** Refusals of filters and page tokens. */
final class SearchProblems {

  private static final int SHOWN = 40;

  private SearchProblems() {}

  /** 400 {@code invalid-filter} with the {@code position} of the character, from 1. */
  static ProblemException at(int position, String message) {
    return new ProblemException(
        HttpStatus.BAD_REQUEST,
        "invalid-filter",
        "filter, character " + position + ": " + message,
        Map.of("position", position));
  }

  /** 400 for a page token that does not belong to the search. */
  static ProblemException page() {
    return new ProblemException(
        HttpStatus.BAD_REQUEST,
        "invalid-request",
        "after is the next of a page before, as it is, with the same filter");
  }

  /** The text as a message may show it. */
  static String brief(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }
}
