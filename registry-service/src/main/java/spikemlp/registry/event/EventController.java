package spikemlp.registry.event;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import spikemlp.contract.registry.ModelReference;

/** Changes of versions and aliases as Server-Sent Events. */
@RestController
class EventController {

  private final EventStreams streams;

  EventController(EventStreams streams) {
    this.streams = streams;
  }

  /** Streams what happens from now on, or what happened after {@code Last-Event-ID}. */
  @GetMapping(path = "/api/v1/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  SseEmitter events(
      @RequestParam(required = false) @Nullable String model,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable Long last) {
    if (model != null && !ModelReference.isName(model)) {
      throw new IllegalArgumentException("'" + model + "' is no model's name");
    }
    if (last != null && last < 0) {
      throw new IllegalArgumentException("Last-Event-ID is an event's id, not " + last);
    }
    return streams.open(Optional.ofNullable(model), Optional.ofNullable(last));
  }
}
