package spikemlp.registry.audit;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.springframework.util.MultiValueMap;
import spikemlp.query.QueryParameters;

/**
 * Which entries to read, the latest first. What is absent holds for every entry.
 *
 * @param model the entries of the model, its versions and aliases
 * @param since inclusive
 * @param until exclusive
 * @param after the last entry of the page before
 */
record AuditFilter(
    Optional<String> model,
    Optional<String> subject,
    Optional<String> actor,
    Optional<String> action,
    Optional<OffsetDateTime> since,
    Optional<OffsetDateTime> until,
    int limit,
    Optional<Long> after) {

  private static final int MOST = 200;
  private static final int USUAL = 50;

  /**
   * The filter that a request's query asks for.
   *
   * @throws spikemlp.problem.ProblemException 400, naming every wrong parameter
   */
  static AuditFilter of(MultiValueMap<String, String> query) {
    QueryParameters parameters = new QueryParameters(query);
    AuditFilter filter =
        new AuditFilter(
            parameters.text("model"),
            parameters.text("subject"),
            parameters.text("actor"),
            parameters.text("action"),
            parameters.instant("since").map(AuditFilter::stored),
            parameters.instant("until").map(AuditFilter::stored),
            parameters.number("limit", 1, MOST).orElse(USUAL),
            parameters.id("after", "is the next of a page before, as it is"));
    parameters.check();
    return filter;
  }

  private static OffsetDateTime stored(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  /** The same for one model alone. */
  AuditFilter within(String onlyModel) {
    return new AuditFilter(
        Optional.of(onlyModel), subject, actor, action, since, until, limit, after);
  }
}
