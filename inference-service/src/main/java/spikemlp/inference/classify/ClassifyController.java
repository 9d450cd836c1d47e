package spikemlp.inference.classify;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import spikemlp.contract.classify.Classification;
import spikemlp.contract.classify.ServedModel;
import spikemlp.contract.energy.EnergyModel;
import spikemlp.contract.registry.ModelReference;
import spikemlp.inference.engine.LoadedModels;
import spikemlp.inference.model.ServedModels;
import spikemlp.problem.ProblemException;

/** {@code /api/v1/classify} and {@code /api/v1/served-models}. */
@RestController
@RequestMapping("/api/v1")
final class ClassifyController {

  private final Classifier classifier;
  private final ServedModels models;
  private final long largestPicture;

  ClassifyController(Classifier classifier, ServedModels models, ClassifyProperties properties) {
    this.classifier = classifier;
    this.models = models;
    this.largestPicture = properties.largestPicture().toBytes();
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
      HttpServletRequest request)
      throws IOException {
    ModelReference reference = named("invalid-model-reference", () -> ModelReference.parse(model));
    EnergyModel energyModel = named("unknown-energy-model", () -> EnergyModel.named(energy));
    if (topK < 1) {
      throw badRequest("invalid-top-k", "topK is 1 or more, not " + topK);
    }
    byte[] picture = PictureBody.read(request, largestPicture);
    return classifier.classify(reference, picture, topK, energyModel);
  }

  @GetMapping("/served-models")
  List<ServedModel> served() {
    return models.loaded().stream().map(ClassifyController::shown).toList();
  }

  private static ServedModel shown(LoadedModels.Loaded loaded) {
    return new ServedModel(
        loaded.version().model(),
        loaded.version().version(),
        loaded.card().variant(),
        loaded.card().labels(),
        loaded.card().input(),
        loaded.version().sha256(),
        loaded.loadedAt());
  }

  private static <T> T named(String code, Supplier<T> name) {
    try {
      return name.get();
    } catch (IllegalArgumentException e) {
      throw badRequest(code, String.valueOf(e.getMessage()));
    }
  }

  private static ProblemException badRequest(String code, String detail) {
    return new ProblemException(HttpStatus.BAD_REQUEST, code, detail);
  }
}
