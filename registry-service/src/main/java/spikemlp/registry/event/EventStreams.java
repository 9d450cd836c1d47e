package spikemlp.registry.event;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import spikemlp.contract.registry.RegistryEvent;
import spikemlp.problem.ProblemException;
import spikemlp.signal.Signals;
import tools.jackson.databind.json.JsonMapper;

/**
 * The open streams. One feed reads new events from the table, at PostgreSQL's word and every second
 * without it, and hands them to every subscriber; a subscriber has a virtual thread of its own that
 * writes to the connection. Streams end when the subscriber leaves and at shutdown.
 */
@Component
class EventStreams implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(EventStreams.class);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int READ_AT_ONCE = 2;

  private final EventLog events;
  private final Signals signals;
  private final JsonMapper json;
  private final EventProperties properties;
  private final Semaphore places;
  private final Semaphore turns = new Semaphore(READ_AT_ONCE, true);
  private final Set<EventSubscriber> subscribers = ConcurrentHashMap.newKeySet();
  private final Set<Thread> open = ConcurrentHashMap.newKeySet();
  private volatile boolean running;
  private long position = -1;

  EventStreams(EventLog events, Signals signals, JsonMapper json, EventProperties properties) {
    this.events = events;
    this.signals = signals;
    this.json = json;
    this.properties = properties;
    this.places = new Semaphore(properties.maxSubscribers());
  }

  /**
   * Opens a stream.
   *
   * @param last the last event that the subscriber has seen; without one it gets what comes now
   * @throws ProblemException 503 {@code too-many-subscribers}
   */
  SseEmitter open(Optional<String> model, Optional<Long> last) {
    if (!places.tryAcquire()) {
      throw new ProblemException(
          HttpStatus.SERVICE_UNAVAILABLE,
          "too-many-subscribers",
          properties.maxSubscribers()
              + " event streams are open, no more are allowed at a time; try again later or poll");
    }
    SseEmitter emitter = new SseEmitter(0L);
    EventSubscriber subscriber;
    try {
      subscriber =
          new EventSubscriber(
              emitter,
              events,
              turns,
              json,
              model,
              last.orElseGet(events::newest),
              properties.heartbeat());
    } catch (RuntimeException e) {
      places.release();
      throw e;
    }
    subscribers.add(subscriber);
    if (!running) {
      subscriber.leave();
    }
    emitter.onCompletion(subscriber::leave);
    emitter.onError(failure -> subscriber.leave());
    Thread thread = Thread.ofVirtual().name("events").unstarted(() -> follow(subscriber));
    open.add(thread);
    thread.start();
    return emitter;
  }

  private void follow(EventSubscriber subscriber) {
    try {
      subscriber.run();
    } finally {
      subscribers.remove(subscriber);
      places.release();
      open.remove(Thread.currentThread());
    }
  }

  @Override
  public void start() {
    running = true;
    var _ = Thread.ofVirtual().name("registry-feed").start(this::feed);
  }

  private void feed() {
    try {
      while (running) {
        long seen = signals.seen();
        if (!isFed()) {
          signals.await(seen, LOOK);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isFed() {
    try {
      if (position < 0) {
        position = events.newest();
      }
      List<RegistryEvent> news = events.after(position);
      for (RegistryEvent event : news) {
        position = event.id();
        subscribers.forEach(subscriber -> subscriber.offer(event));
      }
      return news.size() == EventLog.PAGE;
    } catch (DataAccessException | TransactionException e) {
      log.debug("events cannot be read now", e);
      return false;
    }
  }

  /** Ends the streams, or else the web server would wait for them. */
  @Override
  public void stop() {
    running = false;
    signals.changed();
    subscribers.forEach(EventSubscriber::leave);
    long end = System.nanoTime() + PATIENCE.toNanos();
    for (Thread thread : open) {
      try {
        var _ = thread.join(Duration.ofNanos(Math.max(1_000_000, end - System.nanoTime())));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
