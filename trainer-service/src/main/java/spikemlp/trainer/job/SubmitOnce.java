package spikemlp.trainer.job;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import spikemlp.problem.ProblemException;

/**
 * Submissions with an Idempotency-Key: the same key with the same body again answers with what it
 * made before. From the look-up to the commit of what is made the key is held by an advisory lock
 * of the transaction, which PostgreSQL releases when the transaction ends, and when the process
 * dies or its connection breaks.
 */
@Component
public class SubmitOnce {

  private static final int LONGEST_KEY = 200;

  /** Each holds a connection while it is planned, and training needs some too. */
  private static final int AT_ONCE = 4;

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration SOON = Duration.ofSeconds(1);

  /**
   * What a key made before.
   *
   * @param request the body that it was sent with
   * @param answer what is answered again
   */
  public record Made<T>(String id, Object request, T answer) {}

  private final Semaphore places = new Semaphore(AT_ONCE, true);
  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;

  SubmitOnce(JdbcClient jdbc, PlatformTransactionManager transactions) {
    this.jdbc = jdbc;
    this.transaction = new TransactionTemplate(transactions);
  }

  /**
   * Makes something, or answers with what the submitter made with the same key before.
   *
   * @param kind what is made, such as {@code job}; keys of different kinds have nothing to do with
   *     each other
   * @param key null to make it in any case, outside of a transaction
   * @param before finds what the submitter made with a key
   * @param make plans and records it, in the running transaction if there is one
   * @throws ProblemException 400 if the key is too long, 422 {@code idempotency-key-reused} if it
   *     came with another body before, 503 {@code too-many-submissions} if too many requests with a
   *     key are being processed, {@link #inUse} if one with the same key is
   */
  public <T> T submit(
      String kind,
      String submitter,
      @Nullable String key,
      Object request,
      Function<String, Optional<Made<T>>> before,
      Supplier<T> make) {
    if (key == null) {
      return make.get();
    }
    if (key.isBlank() || key.length() > LONGEST_KEY) {
      throw new ProblemException(
          HttpStatus.BAD_REQUEST,
          "invalid-request",
          "an Idempotency-Key has 1 to " + LONGEST_KEY + " characters, not " + key.length());
    }
    takePlace();
    try {
      return Objects.requireNonNull(
          transaction.execute(status -> {
            requireUnused(kind + "\n" + submitter + "\n" + key);
            return before.apply(key).map(made -> replayed(kind, made, request)).orElseGet(make);
          }));
    } finally {
      places.release();
    }
  }

  /** 409 {@code idempotency-key-in-use}. */
  public static ProblemException inUse() {
    return new ProblemException(
            HttpStatus.CONFLICT,
            "idempotency-key-in-use",
            "a request with the same Idempotency-Key is still being processed; repeat this one to"
                + " get its answer")
        .retryAfter(SOON);
  }

  private void takePlace() {
    try {
      if (places.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new ProblemException(
            HttpStatus.SERVICE_UNAVAILABLE,
            "too-many-submissions",
            AT_ONCE
                + " requests with an Idempotency-Key are being processed, no more are at a time; repeat"
                + " this one in some seconds")
        .retryAfter(Duration.ofSeconds(5));
  }

  private void requireUnused(String key) {
    boolean free =
        jdbc.sql("select pg_try_advisory_xact_lock(hashtextextended(?, 0))")
            .param(key)
            .query((row, n) -> row.getBoolean(1))
            .single();
    if (!free) {
      throw inUse();
    }
  }

  private static <T> T replayed(String kind, Made<T> made, Object request) {
    if (!made.request().equals(request)) {
      throw new ProblemException(
          HttpStatus.UNPROCESSABLE_CONTENT,
          "idempotency-key-reused",
          "the Idempotency-Key was used for %s %s with another body; use a new key for a new %s"
              .formatted(kind, made.id(), kind));
    }
    return made.answer();
  }
}
