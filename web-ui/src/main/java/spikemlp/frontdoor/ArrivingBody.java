package spikemlp.frontdoor;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.util.unit.DataSize;

/**
 * A request's body on its way, which has to arrive at a pace: after some grace, not slower on the
 * whole than so many bytes a second. A service behind cannot tell its caller so while the body is
 * still being sent, for the HTTP client listens to answers only afterwards.
 */
final class ArrivingBody extends FilterInputStream {

  /**
   * The pace.
   *
   * @param grace how long a body may take at any pace
   * @param slowest what has to arrive each second on the whole, after that
   */
  record Pace(Duration grace, DataSize slowest) {}

  /** The body paused or arrived too slowly. */
  static final class TooSlow extends IOException {

    private static final long serialVersionUID = 1;

    private TooSlow(String message) {
      super(message);
    }
  }

  private final Pace pace;
  private final long began = System.nanoTime();
  private long arrived;

  ArrivingBody(InputStream body, Pace pace) {
    super(body);
    this.pace = pace;
  }

  /** The slow body that is behind a failure, if one is. */
  static Optional<TooSlow> behind(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .filter(TooSlow.class::isInstance)
        .map(TooSlow.class::cast)
        .findFirst();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int count;
    try {
      count = super.read(buffer, offset, length);
    } catch (IOException failure) {
      throw paused(failure) ? tooSlow() : failure;
    }
    if (count > 0) {
      arrived += count;
      check();
    }
    return count;
  }

  private static boolean paused(IOException failure) {
    return failure instanceof SocketTimeoutException
        || failure.getCause() instanceof SocketTimeoutException;
  }

  private void check() throws TooSlow {
    double seconds = (System.nanoTime() - began) / 1e9;
    if (seconds > pace.grace().toNanos() / 1e9 && arrived < seconds * pace.slowest().toBytes()) {
      throw tooSlow();
    }
  }

  private TooSlow tooSlow() {
    return new TooSlow(
        "%d bytes of the body came in %d s; after %d s it has to have come at %d bytes a second or more, without long pauses"
            .formatted(
                arrived,
                Duration.ofNanos(System.nanoTime() - began).toSeconds(),
                pace.grace().toSeconds(),
                pace.slowest().toBytes()));
  }
}
