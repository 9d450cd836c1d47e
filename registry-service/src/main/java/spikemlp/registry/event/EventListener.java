package spikemlp.registry.event;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import spikemlp.signal.Signals;

/**
 * Hears of events from PostgreSQL on a connection of its own, which is opened anew when it breaks.
 * While there is none, subscribers see events at the next look into the table.
 */
@Component
class EventListener implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(EventListener.class);
  private static final int WAIT_MILLIS = 1000;
  private static final int CHECK_EVERY = 15;
  private static final int CHECK_SECONDS = 5;

  private final JdbcConnectionDetails database;
  private final Signals signals;
  private volatile CountDownLatch stopped = new CountDownLatch(0);
  private @Nullable Thread thread;

  EventListener(JdbcConnectionDetails database, Signals signals) {
    this.database = database;
    this.signals = signals;
  }

  @Override
  public synchronized void start() {
    CountDownLatch latch = new CountDownLatch(1);
    stopped = latch;
    thread = Thread.ofPlatform().daemon().name("registry-listener").start(() -> listen(latch));
  }

  @Override
  public synchronized void stop() {
    stopped.countDown();
    Thread current = thread;
    if (current != null) {
      try {
        current.join(2L * WAIT_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public boolean isRunning() {
    return stopped.getCount() > 0;
  }

  private void listen(CountDownLatch latch) {
    boolean warned = false;
    while (latch.getCount() > 0) {
      try (Connection connection = connect();
          Statement statement = connection.createStatement()) {
        statement.execute("listen registry_event");
        warned = false;
        log.debug("listening for events");
        signals.changed(); // what came while nobody listened
        hear(connection, latch);
      } catch (SQLException e) {
        if (!warned) {
          log.warn("events are looked up every second until PostgreSQL tells of them", e);
          warned = true;
        }
        pause(latch);
      }
    }
  }

  private void hear(Connection connection, CountDownLatch latch) throws SQLException {
    PGConnection postgres = connection.unwrap(PGConnection.class);
    int quiet = 0;
    while (latch.getCount() > 0) {
      PGNotification[] notifications = postgres.getNotifications(WAIT_MILLIS);
      if (notifications != null && notifications.length > 0) {
        signals.changed();
        quiet = 0;
      } else if (++quiet % CHECK_EVERY == 0 && !connection.isValid(CHECK_SECONDS)) {
        throw new SQLException("the connection does not answer");
      }
    }
  }

  private Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("ApplicationName", "spikemlp-registry-events");
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("tcpKeepAlive", "true");
    set(properties, "user", database.getUsername());
    set(properties, "password", database.getPassword());
    return DriverManager.getConnection(database.getJdbcUrl(), properties);
  }

  private static void set(Properties properties, String name, @Nullable String value) {
    if (value != null) {
      properties.setProperty(name, value);
    }
  }

  private static void pause(CountDownLatch latch) {
    try {
      var _ = latch.await(WAIT_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      latch.countDown();
    }
  }
}
