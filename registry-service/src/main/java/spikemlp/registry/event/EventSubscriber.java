package spikemlp.registry.event;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.MediaType;
import org.springframework.transaction.TransactionException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import spikemlp.contract.registry.RegistryEvent;
import tools.jackson.databind.json.JsonMapper;

/**
 * One reader of the stream. The feed hands it events, which wait in a bounded queue for the
 * reader's own thread to send them. A reader that begins, or that is too slow for its queue, is
 * behind: it reads from the table until it has caught up, so that it misses nothing and holds up
 * nobody.
 */
final class EventSubscriber {

  private static final Logger log = LoggerFactory.getLogger(EventSubscriber.class);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final int QUEUED = 128;

  private final SseEmitter emitter;
  private final EventLog events;
  private final Semaphore turns;
  private final JsonMapper json;
  private final Optional<String> model;
  private final Duration heartbeat;
  private final BlockingQueue<RegistryEvent> queue = new ArrayBlockingQueue<>(QUEUED);
  private final AtomicBoolean behind = new AtomicBoolean(true);
  private volatile boolean left;
  private long sent;
  private long spoken = System.nanoTime();

  /**
   * @param turns how many may read the table at a time
   * @param model the model whose events are sent; every model's if empty
   * @param sent the last event that the reader has seen
   */
  EventSubscriber(
      SseEmitter emitter,
      EventLog events,
      Semaphore turns,
      JsonMapper json,
      Optional<String> model,
      long sent,
      Duration heartbeat) {
    this.emitter = emitter;
    this.events = events;
    this.turns = turns;
    this.json = json;
    this.model = model;
    this.sent = sent;
    this.heartbeat = heartbeat;
  }

  /** Takes an event to be sent; never waits. */
  void offer(RegistryEvent event) {
    if (!queue.offer(event)) {
      behind.set(true);
    }
  }

  /** Ends the stream before the next event. */
  void leave() {
    left = true;
  }

  /** Sends events until the reader leaves. */
  void run() {
    try {
      emitter.send(SseEmitter.event().comment("connected"));
      boolean reset = false;
      while (!left) {
        if (behind.getAndSet(false)) {
          reset = caughtUp(reset);
        } else {
          sendNext();
        }
      }
      emitter.complete();
    } catch (IOException | IllegalStateException e) {
      log.debug("a subscriber left");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean caughtUp(boolean reset) throws IOException, InterruptedException {
    boolean told = reset;
    try {
      while (!left) {
        List<RegistryEvent> missed;
        turns.acquire();
        try {
          told = told || toldOfGap();
          missed = events.after(sent);
        } finally {
          turns.release();
        }
        if (missed.isEmpty()) {
          return true;
        }
        for (RegistryEvent event : missed) {
          send(event);
        }
      }
    } catch (DataAccessException | TransactionException e) {
      log.debug("events cannot be read now", e);
      behind.set(true);
      speakUp();
      Thread.sleep(LOOK);
    }
    return told;
  }

  /** Where events were removed since the reader was here, it must read everything anew. */
  private boolean toldOfGap() throws IOException {
    long floor = events.floor();
    if (sent < floor) {
      emitter.send(
          SseEmitter.event()
              .name("reset")
              .id(Long.toString(floor))
              .data("{\"floor\":" + floor + "}", MediaType.TEXT_PLAIN));
      sent = floor;
    }
    return true;
  }

  private void sendNext() throws IOException, InterruptedException {
    RegistryEvent next = queue.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
    if (next == null) {
      speakUp();
    } else {
      send(next);
    }
  }

  private void send(RegistryEvent event) throws IOException {
    if (event.id() <= sent) {
      return; // read from the table before
    }
    sent = event.id();
    if (model.isEmpty() || model.get().equals(event.model())) {
      emitter.send(
          SseEmitter.event()
              .name(event.kind())
              .id(Long.toString(event.id()))
              .data(json.writeValueAsString(event), MediaType.TEXT_PLAIN));
      spoken = System.nanoTime();
    }
  }

  /** A comment keeps an idle connection open, and shows whether there still is one. */
  private void speakUp() throws IOException {
    if (System.nanoTime() - spoken > heartbeat.toNanos()) {
      emitter.send(SseEmitter.event().comment("still here"));
      spoken = System.nanoTime();
    }
  }
}
