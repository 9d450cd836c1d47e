package spikemlp.trainer.job;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import spikemlp.contract.job.JobState;
import spikemlp.contract.job.TrainingJob;
import spikemlp.trainer.job.JobEvents.Event;
import spikemlp.trainer.job.JobEvents.Kind;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a job's events as a stream shows them: its {@code end} with the whole job. However many
 * streams there are, few of them read at a time, so that they leave the database's connections to
 * training and to the rest of the API.
 */
@Component
class EventReader {

  private static final int AT_ONCE = 3;

  private final Semaphore turns = new Semaphore(AT_ONCE, true);
  private final JobEvents events;
  private final JobStore store;
  private final JsonMapper json;

  EventReader(JobEvents events, JobStore store, JsonMapper json) {
    this.events = events;
    this.store = store;
    this.json = json;
  }

  /**
   * Some of the events of a job after {@code id}, oldest first; none if there is none.
   *
   * @throws org.springframework.dao.DataAccessException if they cannot be read now
   */
  List<Event> after(String job, long id) throws InterruptedException {
    return inTurn(
        () -> events.after(job, id).stream().flatMap(event -> shown(job, event)).toList());
  }

  private <T> T inTurn(Supplier<T> read) throws InterruptedException {
    turns.acquire();
    try {
      return read.get();
    } finally {
      turns.release();
    }
  }

  /** A job that went on after an {@code end} has not ended. */
  private Stream<Event> shown(String job, Event event) {
    if (event.kind() != Kind.END) {
      return Stream.of(event);
    }
    Optional<TrainingJob> now = store.find(job).filter(found -> found.state().ended());
    return now
        .map(ended -> new Event(event.id(), Kind.END, json.writeValueAsString(ended)))
        .stream();
  }

  /** The event that a new subscriber is greeted with: where the job stands. */
  Optional<Event> latestState(String job) throws InterruptedException {
    return inTurn(() -> events.latestState(job));
  }

  /** The id of a job's newest event; 0 if there is none. */
  long newest(String job) {
    return events.newest(job);
  }

  /** Whether no further event of a job is to be expected: it has ended or was deleted. */
  boolean isOver(String job) throws InterruptedException {
    return inTurn(() -> store.state(job)).map(JobState::ended).orElse(true);
  }
}
