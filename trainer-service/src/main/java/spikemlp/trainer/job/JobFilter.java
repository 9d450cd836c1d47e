package spikemlp.trainer.job;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.springframework.util.MultiValueMap;
import spikemlp.contract.job.JobState;
import spikemlp.query.QueryParameters;
import spikemlp.trainer.query.PageToken;

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
    Optional<PageToken> after) {

  static final int MOST = 200;
  private static final int USUAL = 50;

  JobFilter {
    states = Set.copyOf(states);
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
            parameters.read("after", "is the next of a page before, as it is", PageToken::of));
    parameters.check();
    return filter;
  }
}
