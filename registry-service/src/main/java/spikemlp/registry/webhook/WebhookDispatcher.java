package spikemlp.registry.webhook;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;
import spikemlp.contract.registry.RegistryEvent;
import spikemlp.registry.event.EventLog;
import spikemlp.signal.Signals;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends deliveries that are due. A delivery is claimed for the time that an attempt may take, so
 * that several processes share the work and what a crash cut off is tried again: the receiver may
 * get an event more than once, and events out of their order.
 */
@Component
class WebhookDispatcher implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(WebhookDispatcher.class);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration SLACK = Duration.ofSeconds(30);
  private static final int AT_ONCE = 16;

  private record Due(long id, long eventId, int attempt, String url, String secret) {}

  private record Outcome(@Nullable Integer status, String words, Optional<String> retryAfter) {
    boolean delivered() {
      return status != null && status >= 200 && status < 300;
    }
  }

  private final JdbcClient jdbc;
  private final TransactionOperations transaction;
  private final EventLog events;
  private final Signals signals;
  private final WebhookTarget target;
  private final PinnedHttps https;
  private final JsonMapper json;
  private final WebhookProperties properties;
  private final RetryDelay delay;
  private final Semaphore places = new Semaphore(AT_ONCE);
  private volatile boolean running;

  WebhookDispatcher(
      JdbcClient jdbc,
      TransactionOperations transaction,
      EventLog events,
      Signals signals,
      WebhookTarget target,
      PinnedHttps https,
      JsonMapper json,
      WebhookProperties properties) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.events = events;
    this.signals = signals;
    this.target = target;
    this.https = https;
    this.json = json;
    this.properties = properties;
    this.delay = new RetryDelay(properties.firstDelay(), properties.maxDelay());
  }

  @Override
  public void start() {
    running = true;
    var _ = Thread.ofVirtual().name("webhooks").start(this::dispatch);
  }

  @Override
  public void stop() {
    running = false;
    signals.changed();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  private void dispatch() {
    try {
      while (running) {
        long seen = signals.seen();
        if (!dispatched()) {
          signals.await(seen, LOOK);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean dispatched() {
    int free = places.availablePermits();
    if (free == 0) {
      return false;
    }
    try {
      List<Due> due = claim(free);
      for (Due delivery : due) {
        places.acquireUninterruptibly();
        var _ = Thread.ofVirtual().name("webhook-" + delivery.id()).start(() -> attempt(delivery));
      }
      return !due.isEmpty();
    } catch (DataAccessException | TransactionException e) {
      log.debug("deliveries cannot be read now", e);
      return false;
    }
  }

  private List<Due> claim(int most) {
    Duration lease =
        properties.connectTimeout().multipliedBy(2).plus(properties.responseTimeout()).plus(SLACK);
    return jdbc.sql(
            """
            with due as materialized (
                select id from webhook_delivery
                 where next_attempt_at <= now() and state = 'PENDING'
                 order by next_attempt_at limit :most for update skip locked)
            update webhook_delivery d
               set attempts = d.attempts + 1,
                   next_attempt_at = now() + make_interval(secs => :lease)
              from due, webhook w
             where d.id = due.id and w.id = d.webhook_id
            returning d.id, d.event_id, d.attempts, w.url, w.secret
            """)
        .param("lease", lease.toSeconds())
        .param("most", most)
        .query((row, number) ->
            new Due(
                row.getLong("id"),
                row.getLong("event_id"),
                row.getInt("attempts"),
                row.getString("url"),
                row.getString("secret")))
        .list();
  }

  private void attempt(Due due) {
    try {
      Optional<RegistryEvent> event = events.find(due.eventId());
      if (event.isPresent()) {
        Instant began = Instant.now();
        Outcome outcome = send(due, event.get(), began);
        record(due, outcome, Duration.between(began, Instant.now()));
      }
    } catch (DataAccessException | TransactionException e) {
      log.debug("delivery {} is tried again when its claim ends", due.id(), e);
    } finally {
      places.release();
      signals.changed();
    }
  }

  private Outcome send(Due due, RegistryEvent event, Instant at) {
    byte[] body = json.writeValueAsBytes(event);
    try {
      URI url = WebhookTarget.parse(due.url());
      InetAddress address = target.resolve(url);
      PinnedHttps.Answer answer =
          https.post(
              url,
              address,
              Map.of(
                  "Content-Type", "application/json",
                  "User-Agent", "SpikeMLP",
                  "SpikeMLP-Event", event.kind(),
                  "SpikeMLP-Delivery", Long.toString(due.id()),
                  "SpikeMLP-Signature", WebhookSignature.of(due.secret(), at, body)),
              body);
      boolean redirect = answer.status() >= 300 && answer.status() < 400;
      return new Outcome(
          answer.status(),
          redirect ? "a redirect, which is not followed" : "status " + answer.status(),
          answer.retryAfter());
    } catch (RefusedTargetException e) {
      return new Outcome(null, "refused: the URL " + e.getMessage(), Optional.empty());
    } catch (IOException e) {
      return new Outcome(null, "no answer: " + e.getClass().getSimpleName(), Optional.empty());
    }
  }

  private void record(Due due, Outcome outcome, Duration took) {
    boolean over = outcome.delivered() || due.attempt() >= properties.attempts();
    String state = outcome.delivered() ? "DELIVERED" : over ? "FAILED" : "PENDING";
    Duration pause =
        delay.after(
            due.attempt(),
            outcome.retryAfter(),
            Instant.now(),
            ThreadLocalRandom.current().nextDouble());
    transaction.executeWithoutResult(status -> {
      int updated =
          jdbc.sql(
                  """
                  update webhook_delivery
                     set state = :state,
                         next_attempt_at = case when :over then null
                                           else now() + make_interval(secs => :pause) end
                   where id = :id and attempts = :attempt
                  """)
              .param("state", state)
              .param("over", over)
              .param("pause", pause.toMillis() / 1000.0)
              .param("id", due.id())
              .param("attempt", due.attempt())
              .update();
      if (updated == 1) {
        jdbc.sql(
                """
                insert into webhook_attempt (delivery_id, attempt, status, outcome, millis)
                values (:id, :attempt, :status, :outcome, :millis)
                """)
            .param("id", due.id())
            .param("attempt", due.attempt())
            .param("status", outcome.status())
            .param("outcome", outcome.words())
            .param("millis", (int) Math.min(took.toMillis(), Integer.MAX_VALUE))
            .update();
      }
    });
    if (over && !outcome.delivered()) {
      log.warn(
          "delivery {} failed after {} attempts: {}", due.id(), due.attempt(), outcome.words());
    }
  }
}
