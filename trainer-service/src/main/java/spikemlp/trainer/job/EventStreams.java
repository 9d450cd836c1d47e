package spikemlp.trainer.job;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import spikemlp.problem.ProblemException;
import spikemlp.signal.Signals;
import spikemlp.trainer.TrainerProperties;
import spikemlp.trainer.job.JobEvents.Event;

/**
 * Server-Sent Events of jobs. Each job that anybody follows has one feed, which reads its new
 * events from the table once and hands them to every subscriber; a subscriber has a virtual thread
 * of its own that writes to the connection, so that neither training nor another subscriber ever
 * waits for a slow one. Streams end after {@code end}, when the subscriber leaves and at shutdown.
 */
@Component
class EventStreams implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(EventStreams.class);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int QUEUED = 128;

  private final EventReader reader;
  private final Signals signals;
  private final TrainerProperties properties;
  private final Semaphore places;
  private final ConcurrentMap<String, Feed> feeds = new ConcurrentHashMap<>();
  private final Set<Thread> open = ConcurrentHashMap.newKeySet();
  private volatile boolean running;

  EventStreams(EventReader reader, Signals signals, TrainerProperties properties) {
    this.reader = reader;
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
                  + " the job")
          .retryAfter(Duration.ofSeconds(5));
    }
    SseEmitter emitter = new SseEmitter(0L);
    EventSubscriber subscriber =
        new EventSubscriber(job, emitter, reader, properties.heartbeat(), QUEUED);
    Feed feed;
    try {
      feed = join(job, subscriber);
    } catch (RuntimeException e) {
      places.release();
      throw e;
    }
    emitter.onCompletion(subscriber::leave);
    emitter.onError(failure -> subscriber.leave());
    Thread thread =
        Thread.ofVirtual().name("events-" + job).unstarted(() -> follow(feed, subscriber, last));
    open.add(thread);
    thread.start();
    return emitter;
  }

  private void follow(Feed feed, EventSubscriber subscriber, Optional<Long> last) {
    try {
      subscriber.run(last);
    } finally {
      leave(feed, subscriber);
      places.release();
      open.remove(Thread.currentThread());
    }
  }

  /**
   * The feed's position is taken before the subscriber joins: what is newer comes by the feed, what
   * is not the subscriber finds in the table.
   */
  private Feed join(String job, EventSubscriber subscriber) {
    long position = reader.newest(job);
    synchronized (feeds) {
      Feed feed = feeds.get(job);
      if (feed == null) {
        feed = new Feed(job, position);
        feeds.put(job, feed);
        Thread.ofVirtual().name("feed-" + job).start(feed);
      }
      feed.subscribers.add(subscriber);
      if (!running) {
        subscriber.leave();
      }
      return feed;
    }
  }

  private void leave(Feed feed, EventSubscriber subscriber) {
    synchronized (feeds) {
      feed.subscribers.remove(subscriber);
      if (feed.subscribers.isEmpty()) {
        feeds.remove(feed.job, feed);
      }
    }
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
    feeds.values().forEach(Feed::end);
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

  /** Reads the events of one job for all of its subscribers, while there are any. */
  private final class Feed implements Runnable {

    private final String job;
    private final Set<EventSubscriber> subscribers = ConcurrentHashMap.newKeySet();
    private long position;

    Feed(String job, long position) {
      this.job = job;
      this.position = position;
    }

    void end() {
      subscribers.forEach(EventSubscriber::leave);
    }

    @Override
    public void run() {
      long heard = System.nanoTime();
      try {
        while (running && feeds.get(job) == this) {
          long seen = signals.seen();
          boolean quiet = System.nanoTime() - heard > properties.heartbeat().toNanos();
          if (isFed(quiet) || quiet) {
            heard = System.nanoTime();
          } else {
            signals.await(seen, LOOK);
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        synchronized (feeds) {
          feeds.remove(job, this);
        }
        end();
      }
    }

    private boolean isFed(boolean quiet) throws InterruptedException {
      try {
        boolean over = quiet && reader.isOver(job);
        List<Event> news = reader.after(job, position);
        for (Event event : news) {
          position = event.id();
          subscribers.forEach(subscriber -> subscriber.offer(event));
        }
        if (over && news.isEmpty()) {
          end();
        }
        return !news.isEmpty();
      } catch (DataAccessException | TransactionException e) {
        log.debug("events of job {} cannot be read now", job, e);
        Thread.sleep(LOOK);
        return false;
      }
    }
  }
}
