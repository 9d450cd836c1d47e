package spikemlp.registry.comparison;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import spikemlp.problem.ProblemException;
import spikemlp.query.QueryParameters;

/** Comparing versions. */
@RestController
class ComparisonController {

  private static final int MOST = 10;
  private static final String RIGHT = "is 2 to " + MOST + " different version numbers, such as 1,2";

  private final Comparisons comparisons;

  ComparisonController(Comparisons comparisons) {
    this.comparisons = comparisons;
  }

  @GetMapping("/api/v1/models/{name}/versions:compare")
  VersionComparison compare(
      @PathVariable String name, @RequestParam MultiValueMap<String, String> query)
      throws IOException {
    QueryParameters parameters = new QueryParameters(query);
    Optional<List<Integer>> numbers =
        parameters.read("versions", RIGHT, ComparisonController::numbers);
    parameters.check();
    return comparisons.compare(
        name,
        numbers.orElseThrow(() ->
            new ProblemException(
                HttpStatus.BAD_REQUEST, "invalid-request", "versions is missing; it " + RIGHT)));
  }

  private static List<Integer> numbers(String text) {
    if (text.length() > 200 || !text.matches("[0-9]{1,9}(,[0-9]{1,9})*")) {
      throw new IllegalArgumentException(text);
    }
    List<Integer> numbers =
        Arrays.stream(text.split(",", -1)).map(Integer::valueOf).distinct().toList();
    boolean allDiffer = numbers.size() == text.split(",", -1).length;
    if (!allDiffer || numbers.size() < 2 || numbers.size() > MOST) {
      throw new IllegalArgumentException(text);
    }
    return numbers;
  }
}
