package spikemlp.contract.job;

import java.time.Instant;

/**
 * A line of a job's log.
 *
 * @param id grows within a job; {@code after} goes on behind it
 * @param time when it was logged
 * @param level {@code INFO}, {@code WARN} or {@code ERROR}
 * @param message in one line, without stack trace, SQL or places in a file system
 */
public record JobLogLine(long id, Instant time, String level, String message) {}
