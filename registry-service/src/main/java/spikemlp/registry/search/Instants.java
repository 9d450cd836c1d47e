package spikemlp.registry.search;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/** Points in time as callers write them. */
public final class Instants {

  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  private Instants() {}

  /** The ISO 8601 instant as the database takes it; empty if it is none of 1970 to 9999. */
  public static Optional<OffsetDateTime> read(String text) {
    try {
      Instant instant = Instant.parse(text);
      return instant.isBefore(Instant.EPOCH) || instant.isAfter(LATEST)
          ? Optional.empty()
          : Optional.of(instant.atOffset(ZoneOffset.UTC));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
