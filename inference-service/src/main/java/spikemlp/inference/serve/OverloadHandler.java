package spikemlp.inference.serve;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.springframework.stereotype.Component;
import spikemlp.contract.registry.ModelReference;
import spikemlp.inference.engine.LoadedModels;
import spikemlp.inference.engine.ServedVersion;
import spikemlp.inference.http.ReadingRest;
import spikemlp.inference.model.ServedModels;

/**
 * Refuses what would find no place before anything else is done for it, its token not looked at: a
 * refusal must cost next to nothing, or refusals take the time of the answers. Whoever passes has a
 * {@link Ticket}, and may be refused all the same by {@link InferencePipeline#refuseIfFull}. Models
 * that have not answered yet are not bounded here.
 */
@Component
final class OverloadHandler extends Handler.Wrapper {

  private static final Pattern INFERENCE =
      Pattern.compile("/v2/models/([^/]+)(?:/versions/([^/]+))?/infer|/api/v1/classify/([^/]+)");

  private final ServedModels models;
  private final LoadedModels loaded;
  private final InferenceMetrics metrics;
  private final Map<ModelReference, AtomicInteger> given = new ConcurrentHashMap<>();

  private final Refusals refusals = new Refusals();
  private final ReadingRest rest = new ReadingRest();

  OverloadHandler(ServedModels models, LoadedModels loaded, InferenceMetrics metrics) {
    this.models = models;
    this.loaded = loaded;
    this.metrics = metrics;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    Optional<Places> places = wanted(request).flatMap(this::places);
    if (places.isEmpty()) {
      return super.handle(request, response, callback);
    }
    Optional<Ticket> ticket = Ticket.draw(places.get().given, places.get().most);
    if (ticket.isEmpty()) {
      metrics.refused("overloaded");
      refusals.add(request, response, callback);
      rest.take();
      return true;
    }
    ticket.get().belongsTo(request);
    return super.handle(request, response, Callback.from(ticket.get()::close, callback));
  }

  /**
   * A model's places now.
   *
   * @param given the tickets to them that are held
   * @param most none if all are taken
   */
  private record Places(AtomicInteger given, int most) {}

  /** Of a model that has answered. */
  private Optional<Places> places(ModelReference model) {
    List<ServedVersion> answered = models.answered(model);
    if (answered.isEmpty()) {
      return Optional.empty();
    }
    // Which of the files a body asks for is not known before it is read.
    int most = 0;
    boolean full = true;
    for (ServedVersion version : answered) {
      LoadedModels.Room room = loaded.room(version);
      most = Math.max(most, room.places());
      full &= room.full();
    }
    return Optional.of(
        new Places(given.computeIfAbsent(model, unasked -> new AtomicInteger()), full ? 0 : most));
  }

  /** What the request would compute on; empty if it cannot be told, or the query names a file. */
  private static Optional<ModelReference> wanted(Request request) {
    String query = request.getHttpURI().getQuery();
    String called = request.getHttpURI().getPath();
    if (called == null
        || !HttpMethod.POST.is(request.getMethod())
        || (query != null && query.contains("precision"))) {
      return Optional.empty();
    }
    Matcher path = INFERENCE.matcher(called);
    if (!path.matches()) {
      return Optional.empty();
    }
    String model = path.group(3) == null ? path.group(1) : path.group(3);
    try {
      return Optional.of(
          ModelReference.parse(path.group(2) == null ? model : model + ":" + path.group(2)));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // its own error is told further in
    }
  }

  @Override
  protected void doStop() throws Exception {
    refusals.close();
    super.doStop();
  }
}
