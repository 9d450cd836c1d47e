package spikemlp.registry.search;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import spikemlp.query.QueryParameters;

/** Points in time as callers write them. */
public final class Instants {

  private Instants() {}

  /** The ISO 8601 instant as the database takes it; empty if it is none of 1970 to 9999. */
  public static Optional<OffsetDateTime> read(String text) {
    try {
      return Optional.of(QueryParameters.instantOf(text).atOffset(ZoneOffset.UTC));
    } catch (IllegalArgumentException | DateTimeException e) {
      return Optional.empty();
    }
  }
}
