package spikemlp.problem;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Says in words why a database cannot be used now. */
public final class DatabaseOutage {

  /** PostgreSQL's <a href="https://www.postgresql.org/docs/18/errcodes-appendix.html">code</a>. */
  private static final String DISK_FULL = "53100";

  private DatabaseOutage() {}

  /** The reason, as the beginning of a sentence: the disk if PostgreSQL named it. */
  public static String reason(Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && DISK_FULL.equals(sql.getSQLState())) {
        return "the database's disk is full";
      }
    }
    return "the database did not answer";
  }
}
