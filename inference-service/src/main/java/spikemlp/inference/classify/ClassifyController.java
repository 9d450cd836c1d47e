package spikemlp.inference.classify;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import spikemlp.contract.classify.Classification;
import spikemlp.contract.classify.Classifications;
import spikemlp.contract.classify.ServedModel;
import spikemlp.inference.engine.LoadedModels;
import spikemlp.inference.model.ServedModels;
import spikemlp.inference.serve.InferencePipeline;
import spikemlp.inference.serve.RequestBody;
import spikemlp.inference.serve.RequestProperties;

/** {@code /api/v1/classify} and {@code /api/v1/served-models}. */
@RestController
@RequestMapping("/api/v1")
final class ClassifyController {

  private final Classifier classifier;
  private final InferencePipeline pipeline;
  private final ServedModels models;
  private final ClassifyProperties properties;
  private final long largestBody;

  ClassifyController(
      Classifier classifier,
      InferencePipeline pipeline,
      ServedModels models,
      ClassifyProperties properties,
      RequestProperties requests) {
    this.classifier = classifier;
    this.pipeline = pipeline;
    this.models = models;
    this.properties = properties;
    this.largestBody = requests.largest().toBytes();
  }

  /** Everything the address says is checked before the body is read. */
  @PostMapping(
      path = "/classify/{model}",
      consumes = {
        MediaType.IMAGE_JPEG_VALUE,
        MediaType.IMAGE_PNG_VALUE,
        MediaType.APPLICATION_OCTET_STREAM_VALUE
      })
  Classification classify(
      @PathVariable String model,
      @RequestParam(defaultValue = "5") int topK,
      @RequestParam(defaultValue = "horowitz-45nm-compute") String energy,
      @RequestParam(defaultValue = "") String explain,
      @RequestParam(defaultValue = "") String precision,
      HttpServletRequest request)
      throws IOException {
    Question question = Question.of(model, topK, energy, explain, precision);
    pipeline.refuseIfFull(question.model(), question.precision());
    try (RequestBody body =
        pipeline.body(request, "picture", properties.largestPicture().toBytes())) {
      return classifier.one(question, body.readWhole(), body, request);
    }
  }

  /** Several pictures, each a part. */
  @PostMapping(path = "/classify/{model}", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
  Classifications classifyAll(
      @PathVariable String model,
      @RequestParam(defaultValue = "5") int topK,
      @RequestParam(defaultValue = "horowitz-45nm-compute") String energy,
      @RequestParam(defaultValue = "") String explain,
      @RequestParam(defaultValue = "") String precision,
      @RequestHeader("Content-Type") String contentType,
      HttpServletRequest request)
      throws IOException {
    Question question = Question.of(model, topK, energy, explain, precision);
    pipeline.refuseIfFull(question.model(), question.precision());
    try (RequestBody body = pipeline.body(request, "request", largestBody)) {
      List<NamedPicture> pictures =
          MultipartPictures.read(body.readWhole(), contentType, properties.mostPictures());
      return classifier.all(question, pictures, body, request);
    }
  }

  @GetMapping("/served-models")
  List<ServedModel> served() {
    return models.loaded().stream().map(ClassifyController::shown).toList();
  }

  private static ServedModel shown(LoadedModels.Loaded loaded) {
    return new ServedModel(
        loaded.version().model(),
        loaded.version().version(),
        loaded.version().precision().label(),
        loaded.card().variant(),
        loaded.card().labels(),
        loaded.card().input(),
        loaded.version().sha256(),
        loaded.loadedAt());
  }
}
