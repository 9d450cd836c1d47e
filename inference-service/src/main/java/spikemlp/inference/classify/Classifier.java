package spikemlp.inference.classify;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.stream.IntStream;
import org.springframework.stereotype.Component;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.classify.Classification;
import spikemlp.contract.classify.Classifications;
import spikemlp.contract.classify.EnergyReport;
import spikemlp.contract.classify.PictureClassification;
import spikemlp.inference.engine.Outputs;
import spikemlp.inference.serve.Admitted;
import spikemlp.inference.serve.Answered;
import spikemlp.inference.serve.InferencePipeline;
import spikemlp.inference.serve.RequestBody;

/** From pictures' bytes to their classification. */
@Component
final class Classifier {

  private final InferencePipeline pipeline;

  Classifier(InferencePipeline pipeline) {
    this.pipeline = pipeline;
  }

  /** Classifies one picture. */
  Classification one(
      Question question, byte[] picture, RequestBody body, HttpServletRequest request) {
    try (Admitted model =
        pipeline.admit(question.model(), question.precision(), pipeline.deadline(), request)) {
      Answered answer = answered(model, List.of(new NamedPicture("", picture)), body);
      PictureClassification result = result(question, model.card(), "", answer.outputs(), 0);
      return new Classification(
          model.version().model(),
          model.version().version(),
          model.version().precision().label(),
          model.proof(),
          result.predictions(),
          result.energy(),
          result.rates(),
          answer.waitMillis(),
          answer.computeMillis());
    }
  }

  /** Classifies several pictures by one version. */
  Classifications all(
      Question question,
      List<NamedPicture> pictures,
      RequestBody body,
      HttpServletRequest request) {
    try (Admitted model =
        pipeline.admit(question.model(), question.precision(), pipeline.deadline(), request)) {
      Answered answer = answered(model, pictures, body);
      return new Classifications(
          model.version().model(),
          model.version().version(),
          model.version().precision().label(),
          model.proof(),
          IntStream.range(0, pictures.size())
              .mapToObj(
                  i -> result(question, model.card(), pictures.get(i).name(), answer.outputs(), i))
              .toList(),
          answer.waitMillis(),
          answer.computeMillis());
    }
  }

  private static Answered answered(Admitted model, List<NamedPicture> pictures, RequestBody body) {
    List<Admitted.PixelSource> sources =
        pictures.stream()
            .<Admitted.PixelSource>map(
                picture -> preparation -> preparation.pixels(picture.bytes()))
            .toList();
    return model.compute(model.prepare(sources, body), pictures.size());
  }

  private static PictureClassification result(
      Question question, ModelCard card, String name, Outputs outputs, int sample) {
    return new PictureClassification(
        name,
        Answers.predictions(card, outputs.logits()[sample], question.topK()),
        EnergyReport.of(
            question.energy(), card, outputs.spikes()[sample], outputs.windows()[sample]),
        question.rates() ? Answers.rates(card, outputs.spikes()[sample]) : null);
  }
}
