package spikemlp.trainer.dataset;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.security.Principal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import spikemlp.problem.ProblemException;
import spikemlp.trainer.query.PageToken;

/** Uploaded data sets over REST. */
@RestController
@RequestMapping("/api/v1/datasets")
class DataSetController {

  private static final int MOST_LISTED = 200;
  private static final int MOST_PREVIEWED = 100;
  private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

  private final DataSetUploads uploads;
  private final DataSetStore store;
  private final DataSetFiles files;
  private final Previews previews;

  DataSetController(
      DataSetUploads uploads, DataSetStore store, DataSetFiles files, Previews previews) {
    this.uploads = uploads;
    this.store = store;
    this.files = files;
    this.previews = previews;
  }

  /** 201 with the new data set; 200 if the same content is there under that name. */
  @PostMapping(consumes = "application/zip")
  ResponseEntity<DataSetDetail> upload(
      @RequestParam String name, HttpServletRequest request, Principal caller) throws IOException {
    DataSetUploads.Result result =
        uploads.upload(
            name, request.getContentLengthLong(), request.getInputStream(), caller.getName());
    return ResponseEntity.status(result.added() ? HttpStatus.CREATED : HttpStatus.OK)
        .location(URI.create("/api/v1/datasets/" + result.set().summary().id()))
        .body(result.set());
  }

  /** Data sets, newest first. */
  @GetMapping
  DataSetPage list(
      @RequestParam(defaultValue = "50") int limit,
      @RequestParam(required = false) @Nullable String after) {
    requireLimit(limit, MOST_LISTED);
    return store.page(limit, Optional.ofNullable(after).map(DataSetController::place));
  }

  @GetMapping("/{id}")
  DataSetDetail get(@PathVariable String id) {
    return store.require(id);
  }

  /** Small pictures of one class, or of all. */
  @GetMapping("/{id}/preview")
  Preview preview(
      @PathVariable String id,
      @RequestParam(name = "class", required = false) @Nullable String label,
      @RequestParam(defaultValue = "20") int limit) {
    requireLimit(limit, MOST_PREVIEWED);
    return previews.of(store.require(id), Optional.ofNullable(label), limit);
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(@PathVariable String id) {
    store.delete(id);
    files.remove(id);
  }

  private static PageToken place(String token) {
    try {
      PageToken place = PageToken.of(token);
      if (place.createdAt().isAfter(Instant.EPOCH)
          && place.createdAt().isBefore(LATEST)
          && DataSetStore.isId(place.id())) {
        return place;
      }
    } catch (IllegalArgumentException | DateTimeException _) {
      // Answered like any other text that is no token.
    }
    throw new ProblemException(
        HttpStatus.BAD_REQUEST,
        "invalid-request",
        "after is the next of the page before, as it was given");
  }

  private static void requireLimit(int limit, int most) {
    if (limit < 1 || limit > most) {
      throw new ProblemException(
          HttpStatus.BAD_REQUEST,
          "invalid-request",
          "limit is from 1 to " + most + ", not " + limit);
    }
  }
}
