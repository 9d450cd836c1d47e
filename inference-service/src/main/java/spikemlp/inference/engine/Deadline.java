package spikemlp.inference.engine;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * The instant by which a request wants its answer, on the monotonic clock.
 *
 * @param allowed the time it had from the start
 * @param at {@link System#nanoTime()} at which it ends
 */
public record Deadline(Duration allowed, long at) {

  /** How often a waiting thread sees whether its caller has gone. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /** The deadline {@code allowed} from now. */
  public static Deadline in(Duration allowed) {
    return new Deadline(allowed, System.nanoTime() + allowed.toNanos());
  }

  /** Nanoseconds left, not negative. */
  public long nanosLeft() {
    return Math.max(0, at - System.nanoTime());
  }

  /** This one, or the one {@code allowed} from now if that is sooner. */
  public Deadline orSooner(Duration allowed) {
    Deadline other = in(allowed);
    return other.at - at < 0 ? other : this;
  }

  /**
   * Waits for a result, for as long as there is time and the caller is there.
   *
   * @param during what to say of the time if it ends first, asked for then
   * @throws DeadlineExceededException if the result is not there in time
   * @throws CallerGoneException if the caller went away
   * @throws RuntimeException what the work failed with
   */
  public <T> T await(Future<T> result, Caller caller, Supplier<String> during) {
    while (true) {
      long left = nanosLeft();
      try {
        return result.get(Math.min(left, LOOK_NANOS), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        if (left == 0) {
          throw exceeded(during.get());
        }
        caller.requireThere();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw exceeded("because its thread was stopped");
      } catch (ExecutionException e) {
        throw e.getCause() instanceof RuntimeException cause
            ? cause
            : new IllegalStateException("what a request waited for failed", e.getCause());
      }
    }
  }

  /** The failure to throw when it has passed {@code during} something. */
  public DeadlineExceededException exceeded(String during) {
    return new DeadlineExceededException(allowed, during);
  }
}
