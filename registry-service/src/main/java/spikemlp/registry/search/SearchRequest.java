package spikemlp.registry.search;

import java.util.Optional;
import org.springframework.util.MultiValueMap;
import spikemlp.query.QueryParameters;

/**
 * A page of a search as a request's query asks for it.
 *
 * @param after the {@code next} of the page before
 */
public record SearchRequest(Search search, int limit, Optional<String> after) {

  /** The most rows of a page. */
  public static final int MOST = 200;

  private static final int USUAL = 50;

  /**
   * What {@code filter}, {@code limit} and {@code after} ask for.
   *
   * @throws spikemlp.problem.ProblemException 400 {@code invalid-request} or {@code invalid-filter}
   */
  public static SearchRequest of(MultiValueMap<String, String> query, FieldSet fields) {
    QueryParameters parameters = new QueryParameters(query);
    Optional<String> filter = parameters.raw("filter");
    Optional<Integer> limit = parameters.number("limit", 1, MOST);
    Optional<String> after = parameters.text("after");
    parameters.check();
    return new SearchRequest(Search.of(filter.orElse(""), fields), limit.orElse(USUAL), after);
  }
}
