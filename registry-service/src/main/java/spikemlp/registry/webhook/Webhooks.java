package spikemlp.registry.webhook;

import java.net.URI;
import java.security.SecureRandom;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import spikemlp.contract.network.FieldProblem;
import spikemlp.contract.network.InvalidConfigurationException;
import spikemlp.contract.registry.ModelReference;
import spikemlp.contract.registry.RegistryEvent;
import spikemlp.problem.ProblemException;
import spikemlp.registry.audit.AuditLog;

/** The webhooks that there are, and the log of their deliveries. */
@Component
class Webhooks {

  private static final int SECRET_BYTES = 32;
  private static final int LOGGED = 200;
  private static final Set<String> KINDS =
      Set.of(
          RegistryEvent.VERSION_CREATED,
          RegistryEvent.VERSION_CHANGED,
          RegistryEvent.VERSION_TAGGED,
          RegistryEvent.VERSION_DELETED,
          RegistryEvent.VERSION_UNDELETED,
          RegistryEvent.VERSION_PURGED,
          RegistryEvent.VERSION_DAMAGED,
          RegistryEvent.VERSION_REPAIRED,
          RegistryEvent.ALIAS_MOVED,
          RegistryEvent.ALIAS_REMOVED);

  /**
   * A webhook as the API shows it; its secret is shown once, when it is made.
   *
   * @param kinds the events delivered; every kind if empty
   * @param model the model whose events are delivered; every model's if null
   */
  record Webhook(
      UUID id,
      String url,
      List<String> kinds,
      @Nullable String model,
      String createdBy,
      Instant createdAt) {

    Webhook {
      kinds = List.copyOf(kinds);
    }
  }

  /** A webhook just made, with its secret. */
  record Created(Webhook webhook, String secret) {}

  /**
   * One attempt of a delivery.
   *
   * @param status the receiver's answer; null if there was none
   * @param outcome the same in words
   */
  record Attempt(int attempt, Instant at, @Nullable Integer status, String outcome, int millis) {}

  /** An event on its way to a webhook. */
  record Delivery(
      long id,
      long eventId,
      String state,
      int attempts,
      @Nullable Instant nextAttemptAt,
      Instant createdAt,
      List<Attempt> log) {

    Delivery {
      log = List.copyOf(log);
    }
  }

  private final JdbcClient jdbc;
  private final TransactionOperations transaction;
  private final AuditLog audit;
  private final WebhookTarget target;
  private final int maxWebhooks;
  private final SecureRandom random = new SecureRandom();

  Webhooks(
      JdbcClient jdbc,
      TransactionOperations transaction,
      AuditLog audit,
      WebhookTarget target,
      WebhookProperties properties) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.audit = audit;
    this.target = target;
    this.maxWebhooks = properties.maxWebhooks();
  }

  /**
   * Makes a webhook.
   *
   * @throws InvalidConfigurationException naming what is wrong
   * @throws ProblemException 409 {@code too-many-webhooks}
   */
  Created create(String url, List<String> kinds, @Nullable String model, String actor) {
    check(url, kinds, model);
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    String secret = "whsec_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    UUID id =
        transaction.execute(status -> {
          jdbc.sql("lock table webhook in share row exclusive mode").update();
          if (jdbc.sql("select count(*) from webhook").query(Integer.class).single()
              >= maxWebhooks) {
            throw new ProblemException(
                HttpStatus.CONFLICT,
                "too-many-webhooks",
                "there are " + maxWebhooks + " webhooks, no more are allowed; delete one first");
          }
          UUID made =
              jdbc.sql(
                      """
                      insert into webhook (url, kinds, model, secret, created_by)
                      values (:url, :kinds, :model, :secret, :actor) returning id
                      """)
                  .param("url", url)
                  .param("kinds", kinds.toArray(String[]::new))
                  .param("model", model)
                  .param("secret", secret)
                  .param("actor", actor)
                  .query(UUID.class)
                  .single();
          audit.append(actor, "webhook.create", made.toString(), Map.of("url", url));
          return made;
        });
    return new Created(get(id), secret);
  }

  private void check(String url, List<String> kinds, @Nullable String model) {
    try {
      URI uri = WebhookTarget.parse(url);
      target.resolve(uri);
    } catch (RefusedTargetException e) {
      throw invalid("url", url, String.valueOf(e.getMessage()));
    }
    for (String kind : kinds) {
      if (!KINDS.contains(kind)) {
        throw invalid("kinds", kind, "is no kind of event; there are " + sorted());
      }
    }
    if (model != null && !ModelReference.isName(model)) {
      throw invalid("model", model, "is no model's name");
    }
  }

  private static String sorted() {
    return String.join(", ", KINDS.stream().sorted().toList());
  }

  private static InvalidConfigurationException invalid(String field, String value, String why) {
    return new InvalidConfigurationException(List.of(new FieldProblem(field, value, why)));
  }

  List<Webhook> list() {
    return jdbc.sql("select * from webhook order by created_at, id").query(Webhooks::read).list();
  }

  /**
   * The webhook of that id.
   *
   * @throws ProblemException 404 {@code webhook-not-found}
   */
  Webhook get(UUID id) {
    return jdbc.sql("select * from webhook where id = ?")
        .param(id)
        .query(Webhooks::read)
        .optional()
        .orElseThrow(() ->
            new ProblemException(
                HttpStatus.NOT_FOUND, "webhook-not-found", "there is no webhook " + id));
  }

  /** Removes a webhook with its deliveries. */
  void delete(UUID id, String actor) {
    transaction.executeWithoutResult(status -> {
      Webhook webhook = get(id);
      jdbc.sql("delete from webhook where id = ?").param(id).update();
      audit.append(actor, "webhook.delete", id.toString(), Map.of("url", webhook.url()));
    });
  }

  /** The latest deliveries of a webhook, the newest first, each with its attempts. */
  List<Delivery> deliveries(UUID id) {
    get(id);
    return jdbc.sql("select * from webhook_delivery where webhook_id = ? order by id desc limit ?")
        .params(id, LOGGED)
        .query(this::readDelivery)
        .list();
  }

  /**
   * Sends an event of an earlier delivery once more, as a new delivery.
   *
   * @throws ProblemException 404 {@code webhook-not-found}, {@code delivery-not-found}
   */
  Delivery resend(UUID id, long delivery, String actor) {
    get(id);
    return transaction.execute(status -> {
      Delivery again =
          jdbc.sql(
                  """
                  insert into webhook_delivery (webhook_id, event_id)
                  select webhook_id, event_id from webhook_delivery
                   where webhook_id = ? and id = ?
                  returning *
                  """)
              .params(id, delivery)
              .query(this::readDelivery)
              .optional()
              .orElseThrow(() ->
                  new ProblemException(
                      HttpStatus.NOT_FOUND,
                      "delivery-not-found",
                      "webhook " + id + " has no delivery " + delivery));
      audit.append(actor, "webhook.resend", id.toString(), Map.of("event", again.eventId()));
      return again;
    });
  }

  private static Webhook read(ResultSet row, int number) throws SQLException {
    Array kinds = row.getArray("kinds");
    return new Webhook(
        row.getObject("id", UUID.class),
        row.getString("url"),
        List.of((String[]) kinds.getArray()),
        row.getString("model"),
        row.getString("created_by"),
        row.getTimestamp("created_at").toInstant());
  }

  private Delivery readDelivery(ResultSet row, int number) throws SQLException {
    long id = row.getLong("id");
    var next = row.getTimestamp("next_attempt_at");
    return new Delivery(
        id,
        row.getLong("event_id"),
        row.getString("state"),
        row.getInt("attempts"),
        next == null ? null : next.toInstant(),
        row.getTimestamp("created_at").toInstant(),
        jdbc.sql("select * from webhook_attempt where delivery_id = ? order by attempt")
            .param(id)
            .query((attempt, n) ->
                new Attempt(
                    attempt.getInt("attempt"),
                    attempt.getTimestamp("at").toInstant(),
                    attempt.getObject("status", Integer.class),
                    attempt.getString("outcome"),
                    attempt.getInt("millis")))
            .list());
  }
}
