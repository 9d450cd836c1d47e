package spikemlp.registry.webhook;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * How long to wait before a delivery's next attempt: the first pause, doubled with each attempt up
 * to the longest, of which a random half falls away so that many deliveries do not return at once.
 * {@code Retry-After} is heeded if it asks for longer, up to a day.
 */
record RetryDelay(Duration first, Duration longest) {

  private static final Duration A_DAY = Duration.ofDays(1);

  /**
   * @param attempt the attempts made, from 1
   * @param retryAfter the header's value
   * @param random from 0 to 1
   */
  Duration after(int attempt, Optional<String> retryAfter, Instant now, double random) {
    Duration pause = first;
    for (int i = 1; i < attempt && pause.compareTo(longest) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    pause = min(pause, longest);
    Duration jittered = Duration.ofMillis((long) (pause.toMillis() * (0.5 + 0.5 * random)));
    Duration asked = retryAfter.map(value -> parse(value, now)).orElse(Duration.ZERO);
    return jittered.compareTo(asked) > 0 ? jittered : min(asked, A_DAY);
  }

  private static Duration parse(String value, Instant now) {
    try {
      if (value.strip().matches("[0-9]{1,9}")) {
        return Duration.ofSeconds(Long.parseLong(value.strip()));
      }
      Instant at =
          ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return at.isAfter(now) ? Duration.between(now, at) : Duration.ZERO;
    } catch (DateTimeException e) {
      return Duration.ZERO;
    }
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
