package spikemlp.trainer.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.springframework.util.MultiValueMap;
import spikemlp.contract.job.JobState;

/**
 * Which jobs to list. What is absent holds for every job.
 *
 * @param states any of these as shown; empty for all
 * @param dataSet the kind, path or id of the data set as in the request
 * @param createdAfter exclusive
 * @param createdBefore exclusive
 * @param after the last job of the page before
 */
record JobFilter(
    Set<JobState> states,
    Optional<String> name,
    Optional<String> dataSet,
    Optional<Instant> createdAfter,
    Optional<Instant> createdBefore,
    int limit,
    Optional<Position> after) {

  static final int MOST = 200;
  private static final int USUAL = 50;

  JobFilter {
    states = Set.copyOf(states);
  }

  /** A job's place in the list, newest first. */
  record Position(Instant createdAt, String id) {

    String token() {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString((createdAt + " " + id).getBytes(UTF_8));
    }

    /**
     * The place that a token stands for.
     *
     * @throws IllegalArgumentException if it stands for none
     * @throws java.time.DateTimeException likewise
     */
    static Position of(String token) {
      String[] parts = new String(Base64.getUrlDecoder().decode(token), UTF_8).split(" ", 2);
      if (parts.length < 2 || !parts[1].matches("[!-~]{1,100}")) {
        throw new IllegalArgumentException("no place in the list");
      }
      return new Position(QueryParameters.parsed(parts[0]), parts[1]);
    }
  }

  /**
   * The filter that a request's query asks for.
   *
   * @throws spikemlp.problem.ProblemException 400, naming every wrong parameter
   */
  static JobFilter of(MultiValueMap<String, String> query) {
    QueryParameters parameters = new QueryParameters(query);
    JobFilter filter =
        new JobFilter(
            parameters.choices("state", JobState.class),
            parameters.text("name"),
            parameters.text("dataSet"),
            parameters.instant("createdAfter"),
            parameters.instant("createdBefore"),
            parameters.number("limit", 1, MOST).orElse(USUAL),
            parameters.read("after", "is the next of a page before, as it is", Position::of));
    parameters.check();
    return filter;
  }
}
