package spikemlp.inference.serve;

import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A request's promise of a place, from its arrival on: as many requests are worked on as there are
 * places, so that those that are accepted do not wait behind those that will be refused. A request
 * whose body is waited for gives it back, and finds a place later or not.
 */
final class Ticket implements AutoCloseable {

  private static final String ATTRIBUTE = Ticket.class.getName();

  /** Of a request that needs none. */
  private static final Ticket NONE = new Ticket(new AtomicInteger());

  private final AtomicInteger given;
  private final AtomicBoolean held = new AtomicBoolean(true);

  /**
   * A ticket that is counted already.
   *
   * @param given how many are held
   */
  Ticket(AtomicInteger given) {
    this.given = given;
  }

  void belongsTo(HttpServletRequest request) {
    request.setAttribute(ATTRIBUTE, this);
  }

  static Ticket of(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof Ticket ticket ? ticket : NONE;
  }

  boolean isHeld() {
    return this != NONE && held.get();
  }

  /** Gives it back, once. */
  @Override
  public void close() {
    if (held.compareAndSet(true, false)) {
      given.decrementAndGet();
    }
  }
}
