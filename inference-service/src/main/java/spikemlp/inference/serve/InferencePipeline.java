package spikemlp.inference.serve;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;
import spikemlp.contract.registry.ModelReference;
import spikemlp.inference.engine.Caller;
import spikemlp.inference.engine.ComputePool;
import spikemlp.inference.engine.Deadline;
import spikemlp.inference.engine.EngineProperties;
import spikemlp.inference.http.Connections;
import spikemlp.inference.model.PrecisionChoice;
import spikemlp.inference.model.ServedModels;
import spikemlp.inference.model.Serving;

/**
 * From a request to its outputs: look for a place, read the body, take the version and the place,
 * decode, compute. The time runs from the body's last byte.
 */
public final class InferencePipeline {

  /** The header whose value lets requests meet the same version of a canary. */
  public static final String ROUTING_KEY = "X-Routing-Key";

  private final ServedModels models;
  private final ComputePool pool;
  private final DecodePool decoders;
  private final Shadows shadows;
  private final InferenceMetrics metrics;
  private final EngineProperties engine;
  private final RequestProperties requests;
  private final RequestMemory memory;

  InferencePipeline(
      ServedModels models,
      ComputePool pool,
      DecodePool decoders,
      Shadows shadows,
      InferenceMetrics metrics,
      EngineProperties engine,
      RequestProperties requests,
      RequestMemory memory) {
    this.models = models;
    this.pool = pool;
    this.decoders = decoders;
    this.shadows = shadows;
    this.metrics = metrics;
    this.engine = engine;
    this.requests = requests;
    this.memory = memory;
  }

  ComputePool pool() {
    return pool;
  }

  DecodePool decoders() {
    return decoders;
  }

  Shadows shadows() {
    return shadows;
  }

  /**
   * The request's body.
   *
   * @param what as messages call it
   * @param largest bytes it may have
   */
  public RequestBody body(HttpServletRequest request, String what, long largest)
      throws IOException {
    return new RequestBody(request, what, largest, requests.arriveWithin(), memory);
  }

  /**
   * Looks, before the body is read, whether there would be a place.
   *
   * @throws spikemlp.inference.engine.OverloadedException if there is none now
   */
  public void refuseIfFull(ModelReference reference, Optional<PrecisionChoice> precision) {
    models.refuseIfFull(reference, precision);
  }

  /** The same of a request whose body says which precision it wants: of the usual one's places. */
  public void refuseIfFull(ModelReference reference) {
    models.refuseIfFull(reference);
  }

  /** The time a request has from its last byte on, if it does not ask for less. */
  public Deadline deadline() {
    return Deadline.in(engine.deadline());
  }

  /**
   * Looks at the version that would answer, loaded if need be; nothing is counted.
   *
   * @throws RuntimeException as {@link ServedModels#lease} does
   */
  public <T> T looking(
      ModelReference reference, HttpServletRequest request, Function<Admitted, T> look) {
    Admitted model = admit(reference, Optional.empty(), deadline(), request);
    try (Serving _ = model.serving()) {
      return look.apply(model);
    }
  }

  /**
   * Takes the version that answers the request, and a place with it; waits while it is loaded.
   *
   * @param precision of the model file; empty for the usual one
   * @param request whose body has been read
   * @throws RuntimeException as {@link ServedModels#lease} does
   */
  public Admitted admit(
      ModelReference reference,
      Optional<PrecisionChoice> precision,
      Deadline deadline,
      HttpServletRequest request) {
    return admit(
        reference,
        precision,
        Optional.ofNullable(request.getHeader(ROUTING_KEY)),
        deadline,
        Connections.caller(request));
  }

  private Admitted admit(
      ModelReference reference,
      Optional<PrecisionChoice> precision,
      Optional<String> key,
      Deadline deadline,
      Caller caller) {
    long arrived = System.nanoTime();
    Serving serving = models.lease(reference, precision, key, deadline);
    return new Admitted(
        this, reference, serving, metrics.statistics(serving.lease()), deadline, caller, arrived);
  }
}
