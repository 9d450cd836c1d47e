package spikemlp.inference.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import spikemlp.contract.energy.EnergyEstimator;
import spikemlp.contract.energy.EnergyModel;
import spikemlp.contract.registry.ModelReference;
import spikemlp.inference.engine.Deadline;
import spikemlp.inference.model.PrecisionChoice;
import spikemlp.inference.serve.Admitted;
import spikemlp.inference.serve.Answered;
import spikemlp.inference.serve.InferenceMetrics;
import spikemlp.inference.serve.InferencePipeline;
import spikemlp.inference.serve.RequestBody;
import spikemlp.inference.serve.RequestProperties;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code /v2} but its health. A model is named as everywhere: {@code NAME}, {@code NAME@ALIAS}, or
 * {@code NAME} with {@code /versions/VERSION}.
 */
@RestController
@RequestMapping("/v2")
final class ProtocolController {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String MODEL = "/models/{model}";
  private static final String VERSION = "/models/{model}/versions/{version}";
  private static final int LARGEST_INDEX_REQUEST = 4096;

  private final InferencePipeline pipeline;
  private final ModelIndex index;
  private final InferenceMetrics metrics;
  private final RequestProperties requests;

  ProtocolController(
      InferencePipeline pipeline,
      ModelIndex index,
      InferenceMetrics metrics,
      RequestProperties requests) {
    this.pipeline = pipeline;
    this.index = index;
    this.metrics = metrics;
    this.requests = requests;
  }

  /** What the server is. */
  record ServerMetadata(String name, String version, List<String> extensions) {

    ServerMetadata {
      extensions = List.copyOf(extensions);
    }
  }

  @GetMapping({"", "/"})
  ServerMetadata server() {
    return new ServerMetadata(
        "spikemlp",
        Optional.ofNullable(ProtocolController.class.getPackage().getImplementationVersion())
            .orElse("0.1.0"),
        List.of("binary_tensor_data", "model_repository", "statistics"));
  }

  @GetMapping(MODEL)
  ModelMetadata metadata(@PathVariable String model, HttpServletRequest request) {
    return metadata(reference(model), request);
  }

  @GetMapping(VERSION)
  ModelMetadata metadata(
      @PathVariable String model, @PathVariable String version, HttpServletRequest request) {
    return metadata(reference(model, version), request);
  }

  private ModelMetadata metadata(ModelReference reference, HttpServletRequest request) {
    return pipeline.looking(
        reference,
        request,
        model -> ModelMetadata.of(model, index.versions(model.version().model())));
  }

  /** Whether a model can answer. */
  record ModelReady(String name, boolean ready) {}

  @GetMapping(MODEL + "/ready")
  ModelReady ready(@PathVariable String model, HttpServletRequest request) {
    return ready(reference(model), request);
  }

  @GetMapping(VERSION + "/ready")
  ModelReady ready(
      @PathVariable String model, @PathVariable String version, HttpServletRequest request) {
    return ready(reference(model, version), request);
  }

  /** Loads it if need be: what is ready answers without a wait. */
  private ModelReady ready(ModelReference reference, HttpServletRequest request) {
    return pipeline.looking(
        reference, request, model -> new ModelReady(model.version().model(), true));
  }

  @PostMapping(MODEL + "/infer")
  void infer(@PathVariable String model, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    infer(reference(model), request, response);
  }

  @PostMapping(VERSION + "/infer")
  void infer(
      @PathVariable String model,
      @PathVariable String version,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    infer(reference(model, version), request, response);
  }

  private void infer(
      ModelReference reference, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    answer(reference, request).write(response);
  }

  /** Place and memory are given back before the answer is written: a caller may read slowly. */
  private InferAnswerWriter answer(ModelReference reference, HttpServletRequest request)
      throws IOException {
    pipeline.refuseIfFull(reference);
    try (RequestBody body = pipeline.body(request, "request", requests.largest().toBytes())) {
      InferRequest asked =
          InferRequestReader.read(
              body, Optional.ofNullable(request.getHeader(BinaryTail.HEADER_LENGTH)));
      List<WantedOutput> outputs = WantedOutput.of(asked);
      EnergyEstimator estimator = estimator(asked);
      try (Admitted model = pipeline.admit(reference, precision(asked), deadline(asked), request)) {
        ImageInput input = ImageInput.of(asked, model, body, requests.largestBatch());
        Answered answered = model.compute(input.images(), input.samples());
        return new InferAnswerWriter(
            InferAnswer.of(model.version(), model.card(), answered, estimator),
            asked.id(),
            outputs);
      }
    }
  }

  private static EnergyEstimator estimator(InferRequest request) {
    String name =
        Parameters.text(request.parameters(), "energy_model")
            .orElse(EnergyModel.HOROWITZ_45NM.name());
    try {
      return EnergyEstimator.named(name);
    } catch (IllegalArgumentException e) {
      throw BadRequest.because(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<PrecisionChoice> precision(InferRequest request) {
    try {
      return Parameters.text(request.parameters(), "precision").map(PrecisionChoice::named);
    } catch (IllegalArgumentException e) {
      throw BadRequest.because(String.valueOf(e.getMessage()));
    }
  }

  /** The service's, or the sooner one of the parameter {@code timeout}, in microseconds. */
  private Deadline deadline(InferRequest request) {
    Optional<Long> timeout = Parameters.number(request.parameters(), "timeout");
    Deadline usual = pipeline.deadline();
    return timeout
        .map(micros -> {
          if (micros < 1) {
            throw BadRequest.because("parameter 'timeout' is 1 microsecond or more, not " + micros);
          }
          return usual.orSooner(
              Duration.of(Math.min(micros, usual.allowed().toNanos() / 1000), ChronoUnit.MICROS));
        })
        .orElse(usual);
  }

  @GetMapping("/models/stats")
  Map<String, List<ModelStatistics>> statistics() {
    return statistics(Optional.empty(), Optional.empty());
  }

  @GetMapping(MODEL + "/stats")
  Map<String, List<ModelStatistics>> statistics(@PathVariable String model) {
    return statistics(Optional.of(reference(model).name()), Optional.empty());
  }

  @GetMapping(VERSION + "/stats")
  Map<String, List<ModelStatistics>> statistics(
      @PathVariable String model, @PathVariable String version) {
    return statistics(Optional.of(reference(model, version).name()), Optional.of(version));
  }

  private Map<String, List<ModelStatistics>> statistics(
      Optional<String> model, Optional<String> version) {
    return Map.of(
        "model_stats",
        metrics.statistics(model).stream()
            .map(ModelStatistics::of)
            .filter(one -> version.isEmpty() || version.get().equals(one.version()))
            .toList());
  }

  /** An entry of the index, its version left out where there is none. */
  record IndexEntry(
      String name,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> version,
      String state,
      String reason) {}

  @PostMapping("/repository/index")
  List<IndexEntry> index(HttpServletRequest request) throws IOException {
    try (RequestBody body = pipeline.body(request, "request", LARGEST_INDEX_REQUEST)) {
      return index.entries(onlyReady(body.readWhole())).stream()
          .map(
              entry -> new IndexEntry(entry.name(), entry.version(), entry.state(), entry.reason()))
          .toList();
    }
  }

  private static boolean onlyReady(byte[] body) {
    if (body.length == 0) {
      return false;
    }
    try {
      Map<String, Object> asked = JSON.readerForMapOf(Object.class).readValue(body);
      return Parameters.flag(asked, "ready").orElse(false);
    } catch (JacksonException e) {
      throw BadRequest.because(
          "the body is empty or {\"ready\": true or false}: " + e.getOriginalMessage());
    }
  }

  private static ModelReference reference(String model) {
    try {
      return ModelReference.parse(model);
    } catch (IllegalArgumentException e) {
      throw BadRequest.because(String.valueOf(e.getMessage()));
    }
  }

  private static ModelReference reference(String model, String version) {
    ModelReference reference = reference(model + ":" + version);
    if (!reference.name().equals(model)) {
      throw BadRequest.because(
          "'" + model + "' with a version names neither alias nor another version");
    }
    return reference;
  }
}
