package spikemlp.inference.serve;

import jakarta.servlet.http.HttpServletRequest;
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
  private static final Ticket NONE = new Ticket(new AtomicInteger());

  static {
    NONE.close();
  }

  private final AtomicInteger given;
  private final int number;
  private final AtomicBoolean held = new AtomicBoolean(true);

  /**
   * One more ticket.
   *
   * @param given how many are held, this one from now on
   */
  Ticket(AtomicInteger given) {
    this.given = given;
    this.number = given.incrementAndGet();
  }

  /** How many were held when this one was given, itself counted. */
  int number() {
    return number;
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
