package spikemlp.inference.engine;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Why versions could not be loaded, for a while: whoever asks in that time is answered with the
 * failure instead of another load. Mutable; guarded by who has it.
 */
final class LoadFailures {

  /** How long a failed load answers with its failure before it is tried again. */
  static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final Clock clock;
  private final Map<ServedVersion, Failure> failures = new LinkedHashMap<>();

  LoadFailures(Clock clock) {
    this.clock = clock;
  }

  private record Failure(RuntimeException cause, Instant until) {}

  /** Remembers the cause from now on. */
  void add(ServedVersion version, RuntimeException cause) {
    failures.put(version, new Failure(cause, clock.instant().plus(RETRY_AFTER)));
  }

  /** Why the version could not be loaded a moment ago. */
  Optional<RuntimeException> of(ServedVersion version) {
    Instant now = clock.instant();
    failures.values().removeIf(failure -> !failure.until().isAfter(now));
    return Optional.ofNullable(failures.get(version)).map(Failure::cause);
  }

  /** Every failure that is remembered; old ones are forgotten when a load is asked for. */
  Map<ServedVersion, RuntimeException> all() {
    Map<ServedVersion, RuntimeException> causes = new LinkedHashMap<>();
    failures.forEach((version, failure) -> causes.put(version, failure.cause()));
    return causes;
  }
}
