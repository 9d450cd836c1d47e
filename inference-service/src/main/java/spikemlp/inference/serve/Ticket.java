package spikemlp.inference.serve;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.server.Request;

/**
 * A request's promise of a place, from its arrival on: as many requests are worked on as there are
 * places, so that those that are accepted do not wait behind those that will be refused. A request
 * whose body is waited for gives it back, and finds a place later or not.
 */
final class Ticket implements AutoCloseable {

  private static final String ATTRIBUTE = Ticket.class.getName();

  /** Of a request that needs none. */
  private static final Ticket NONE = new Ticket(new AtomicInteger(1));

  static {
    NONE.close();
  }

  private final AtomicInteger given;
  private final AtomicBoolean held = new AtomicBoolean(true);

  private Ticket(AtomicInteger given) {
    this.given = given;
  }

  /**
   * One more ticket; none if that were more than there are places.
   *
   * @param given how many are held
   */
  static Optional<Ticket> draw(AtomicInteger given, int places) {
    if (given.incrementAndGet() <= places) {
      return Optional.of(new Ticket(given));
    }
    given.decrementAndGet();
    return Optional.empty();
  }

  /** Binds it to a request, before the request is a servlet's. */
  void belongsTo(Request request) {
    request.setAttribute(ATTRIBUTE, this);
  }

  /** What was bound to the request that this servlet's is of. */
  static Ticket of(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof Ticket ticket ? ticket : NONE;
  }

  boolean isHeld() {
    return held.get();
  }

  /** Gives it back, once. */
  @Override
  public void close() {
    if (held.compareAndSet(true, false)) {
      given.decrementAndGet();
    }
  }
}
