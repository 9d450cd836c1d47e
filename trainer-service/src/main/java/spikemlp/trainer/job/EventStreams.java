package spikemlp.trainer.job;

import java.io.IOException;
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
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import spikemlp.contract.job.TrainingJob;
import spikemlp.problem.ProblemException;
import spikemlp.trainer.TrainerProperties;
import spikemlp.trainer.job.JobEvents.Event;
import spikemlp.trainer.job.JobEvents.Kind;

/**
 * Server-Sent Events of jobs. Each subscriber has a virtual thread of its own that reads the events
 * table and writes to the connection, so that neither training nor another subscriber ever waits
 * for a slow one. Streams end after {@code end}, when the subscriber leaves and at shutdown.
 */
@Component
class EventStreams implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(EventStreams.class);
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final JobEvents events;
  private final JobStore store;
  private final JobSignals signals;
  private final TrainerProperties properties;
  private final Semaphore places;
  private final Set<Thread> open = ConcurrentHashMap.newKeySet();
  private volatile boolean running;

  EventStreams(JobEvents events, JobStore store, JobSignals signals, TrainerProperties properties) {
    this.events = events;
    this.store = store;
    this.signals = signals;
    this.properties = properties;
    this.places = new Semaphore(properties.maxSubscribers());
  }

  /**
   * Opens a stream of an existing job.
   *
   * @param last the last event that the subscriber has seen; if there is none it first gets the
   *     job's current state, then the curve so far
   */
  SseEmitter open(String job, Optional<Long> last) {
    if (!places.tryAcquire()) {
      throw new ProblemException(
          HttpStatus.SERVICE_UNAVAILABLE,
          "too-many-subscribers",
          properties.maxSubscribers()
              + " event streams are open, no more are allowed at a time; try again later or poll"
              + " the job");
    }
    SseEmitter emitter = new SseEmitter(0L);
    Subscriber subscriber = new Subscriber(job, emitter);
    emitter.onCompletion(subscriber::leave);
    emitter.onError(failure -> subscriber.leave());
    Thread thread = Thread.ofVirtual().name("events-" + job).unstarted(() -> subscriber.run(last));
    open.add(thread);
    thread.start();
    return emitter;
  }

  @Override
  public void start() {
    running = true;
  }

  /** Ends the streams, or else the web server would wait for them. */
  @Override
  public void stop() {
    running = false;
    signals.changed();
    for (Thread thread : open) {
      try {
        thread.join(LOOK.multipliedBy(2));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  private final class Subscriber {

    private final String job;
    private final SseEmitter emitter;
    private volatile boolean left;

    Subscriber(String job, SseEmitter emitter) {
      this.job = job;
      this.emitter = emitter;
    }

    void leave() {
      left = true;
    }

    void run(Optional<Long> last) {
      try {
        follow(last);
        emitter.complete();
      } catch (IOException | IllegalStateException e) {
        log.debug("a subscriber of job {} left", job);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        places.release();
        open.remove(Thread.currentThread());
      }
    }

    private void follow(Optional<Long> last) throws IOException, InterruptedException {
      long lastState = 0;
      if (last.isEmpty()) {
        Optional<Event> state = events.latestState(job);
        if (state.isPresent()) {
          emitter.send(event(state.get().kind()).data(state.get().data(), MediaType.TEXT_PLAIN));
          lastState = state.get().id();
        }
      }
      long sent = last.orElse(0L);
      long heard = System.nanoTime();
      while (running && !left) {
        long seen = signals.seen();
        boolean news = false;
        for (Event event : read(sent)) {
          sent = event.id();
          if (event.kind() == Kind.END) {
            TrainingJob now = store.find(job).orElseThrow();
            if (now.state().ended()) {
              emitter.send(event(Kind.END).id(Long.toString(sent)).data(now));
              return;
            }
          } else if (event.kind() != Kind.STATE || event.id() > lastState) {
            emitter.send(
                event(event.kind())
                    .id(Long.toString(sent))
                    .data(event.data(), MediaType.TEXT_PLAIN));
          }
          news = true;
        }
        if (news) {
          heard = System.nanoTime();
        } else {
          if (System.nanoTime() - heard > properties.heartbeat().toNanos()) {
            emitter.send(SseEmitter.event().comment("still here"));
            heard = System.nanoTime();
          }
          signals.await(seen, LOOK);
        }
      }
    }

    private Iterable<Event> read(long after) {
      try {
        return events.after(job, after);
      } catch (DataAccessException | TransactionException e) {
        log.debug("events of job {} cannot be read now", job, e);
        return List.of();
      }
    }

    private SseEmitter.SseEventBuilder event(Kind kind) {
      return SseEmitter.event().name(kind.label());
    }
  }
}
