package spikemlp.trainer.job;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.MediaType;
import org.springframework.transaction.TransactionException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import spikemlp.trainer.job.JobEvents.Event;
import spikemlp.trainer.job.JobEvents.Kind;

/**
 * One reader of a job's stream. The job's feed hands it events, which wait in a bounded queue for
 * the reader's own thread to send them. A reader that begins, or that is too slow for its queue, is
 * behind: it reads from the table until it has caught up, so that it misses nothing and holds up
 * nobody.
 */
final class EventSubscriber {

  private static final Logger log = LoggerFactory.getLogger(EventSubscriber.class);
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final String job;
  private final SseEmitter emitter;
  private final EventReader reader;
  private final Duration heartbeat;
  private final BlockingQueue<Event> queue;
  private final AtomicBoolean behind = new AtomicBoolean(true);
  private volatile boolean left;
  private boolean greeted;
  private long sent;
  private long greetedWith;
  private long spoken = System.nanoTime();

  EventSubscriber(
      String job, SseEmitter emitter, EventReader reader, Duration heartbeat, int queued) {
    this.job = job;
    this.emitter = emitter;
    this.reader = reader;
    this.heartbeat = heartbeat;
    this.queue = new ArrayBlockingQueue<>(queued);
  }

  /** Takes an event to be sent; never waits. */
  void offer(Event event) {
    if (!queue.offer(event)) {
      behind.set(true);
    }
  }

  /** Ends the stream before the next event. */
  void leave() {
    left = true;
  }

  /**
   * Sends events until the job has ended or the reader left.
   *
   * @param last the last event that the reader has seen; without one it first gets the job's state
   */
  void run(Optional<Long> last) {
    try {
      greeted = last.isPresent();
      sent = last.orElse(0L);
      boolean ended = false;
      while (!ended && !left) {
        ended = behind.getAndSet(false) ? caughtUpToTheEnd() : sentNextAsEnd();
      }
      emitter.complete();
    } catch (IOException | IllegalStateException e) {
      log.debug("a subscriber of job {} left", job);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void greet() throws IOException, InterruptedException {
    Optional<Event> state = reader.latestState(job);
    if (state.isPresent()) {
      emitter.send(
          SseEmitter.event()
              .name(state.get().kind().label())
              .data(state.get().data(), MediaType.TEXT_PLAIN));
      greetedWith = state.get().id();
    }
    greeted = true;
  }

  private boolean caughtUpToTheEnd() throws IOException, InterruptedException {
    try {
      if (!greeted) {
        greet();
      }
      while (!left) {
        List<Event> missed = reader.after(job, sent);
        if (missed.isEmpty()) {
          return false;
        }
        for (Event event : missed) {
          if (isSentAsEnd(event)) {
            return true;
          }
        }
      }
    } catch (DataAccessException | TransactionException e) {
      log.debug("events of job {} cannot be read now", job, e);
      behind.set(true);
      speakUp();
      Thread.sleep(LOOK);
    }
    return false;
  }

  private boolean sentNextAsEnd() throws IOException, InterruptedException {
    Event next = queue.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
    if (next != null) {
      return isSentAsEnd(next);
    }
    speakUp();
    return false;
  }

  private boolean isSentAsEnd(Event event) throws IOException {
    if (event.id() <= sent) {
      return false; // read from the table before
    }
    sent = event.id();
    if (event.kind() != Kind.STATE || event.id() > greetedWith) {
      emitter.send(
          SseEmitter.event()
              .name(event.kind().label())
              .id(Long.toString(event.id()))
              .data(event.data(), MediaType.TEXT_PLAIN));
      spoken = System.nanoTime();
    }
    return event.kind() == Kind.END;
  }

  /** A comment keeps an idle connection open, and shows whether there still is one. */
  private void speakUp() throws IOException {
    if (System.nanoTime() - spoken > heartbeat.toNanos()) {
      emitter.send(SseEmitter.event().comment("still here"));
      spoken = System.nanoTime();
    }
  }
}
