package spikemlp.trainer.job;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggerContextListener;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;
import spikemlp.trainer.job.JobLogStore.Line;

/**
 * Takes what SpikeMLP itself logs on a thread that runs a job: from INFO on, the message alone, in
 * one line, without SQL, tokens or places in the file system. Stays through a reset of the logging.
 */
final class JobLogAppender extends UnsynchronizedAppenderBase<ILoggingEvent>
    implements LoggerContextListener {

  private static final String OWN_LOGGERS = "spikemlp.";
  private static final int LONGEST = 1_000;
  private static final Pattern SQL = Pattern.compile("SQL \\[[^\\]]*\\]");
  private static final Pattern TOKEN =
      Pattern.compile("(?i)bearer +\\S+|eyJ[\\w-]+\\.[\\w-]+\\.[\\w-]*");
  private static final String REST_OF_PLACE = "[^\\s'\",;:)\\]]*";
  private static final Pattern PLACE =
      Pattern.compile(
          "(?<![\\w/:.])/[\\w.@+-]+/" + REST_OF_PLACE + "|\\b[A-Za-z]:\\\\" + REST_OF_PLACE);

  private final Predicate<String> runsHere;
  private final Consumer<Line> lines;

  /**
   * @param runsHere whether this process's trainer runs the job: another may share the logging
   * @param lines takes a line without waiting
   */
  JobLogAppender(Predicate<String> runsHere, Consumer<Line> lines) {
    this.runsHere = runsHere;
    this.lines = lines;
    setName("jobs");
  }

  /** Begins to listen, if the process logs by Logback. */
  void attach() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logging) {
      setContext(logging);
      listen(logging);
      logging.addListener(this);
    }
  }

  /** Listens no longer. */
  void detach() {
    if (getContext() instanceof LoggerContext logging) {
      logging.removeListener(this);
      root(logging).detachAppender(this);
      stop();
    }
  }

  private void listen(LoggerContext logging) {
    start();
    root(logging).addAppender(this);
  }

  private static Logger root(LoggerContext logging) {
    return logging.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  @Override
  protected void append(ILoggingEvent event) {
    String job = event.getMDCPropertyMap().get(JobWorker.MDC_JOB);
    if (job != null
        && event.getLevel().isGreaterOrEqual(Level.INFO)
        && event.getLoggerName().startsWith(OWN_LOGGERS)
        && runsHere.test(job)) {
      lines.accept(
          new Line(
              job,
              Instant.ofEpochMilli(event.getTimeStamp()),
              event.getLevel().toString(),
              shown(event.getFormattedMessage())));
    }
  }

  /** A message as its owner may see it. */
  static String shown(String message) {
    String line = message.replaceAll("\\p{Cntrl}+", " ").strip();
    line = SQL.matcher(line).replaceAll("SQL [...]");
    line = TOKEN.matcher(line).replaceAll("[token]");
    line = PLACE.matcher(line).replaceAll("[path]");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
  }

  @Override
  public boolean isResetResistant() {
    return true;
  }

  @Override
  public void onReset(LoggerContext logging) {
    listen(logging);
  }

  @Override
  public void onStart(LoggerContext logging) {}

  @Override
  public void onStop(LoggerContext logging) {}

  @Override
  public void onLevelChange(Logger logger, Level level) {}
}
