package spikemlp.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import spikemlp.contract.study.StudyRequest;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the command line changes about a study. */
final class StudyOptions {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description = "The images, as for train (the study's own; shipped ones draw digits).")
  private @Nullable Path data;

  @Option(
      names = "--epochs",
      description =
          "Passes over the training images; cells with epochs of their own keep the ratio.")
  private @Nullable Integer epochs;

  @Option(
      names = "--seeds",
      split = ",",
      description = "A training in every cell for each (1,2,3).")
  private @Nullable List<Long> seeds;

  @Option(
      names = "--train-images",
      paramLabel = "N",
      description = "Train on at most N images, of every class its share.")
  private @Nullable Integer trainImages;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The study's name; models are named after it (the study's and the data's).")
  private @Nullable String name;

  /** A study read from a file. */
  static StudyRequest read(Path file) {
    try {
      return JSON.readValue(Files.readString(file), StudyRequest.class);
    } catch (IOException e) {
      throw new LauncherException("--file " + file + " cannot be read: " + Home.reason(e), e);
    } catch (JacksonException e) {
      throw new LauncherException("--file " + file + " is no study: " + e.getOriginalMessage(), e);
    }
  }

  /** The study as asked for. */
  StudyRequest apply(StudyRequest study) {
    ObjectNode request = (ObjectNode) JSON.<JsonNode>valueToTree(study);
    if (name != null) {
      request.put("name", name);
    } else if (data != null) {
      request.put("name", study.name() + "-" + TrainCommand.nameOf(data));
    }
    if (seeds != null) {
      ArrayNode given = request.putArray("seeds");
      seeds.forEach(given::add);
    }
    ObjectNode base = object(request, "base");
    ObjectNode images = object(base, "dataSet");
    if (data != null) {
      images.put("kind", "path").put("path", data.toString());
    }
    if (images.path("path").isString()) {
      images.put("path", UpCommand.existing(Path.of(images.path("path").asString())).toString());
    }
    if (trainImages != null) {
      images.put("trainImages", trainImages);
    }
    if (epochs != null) {
      setEpochs(request, object(base, "training"), epochs);
    }
    return JSON.treeToValue(request, StudyRequest.class);
  }

  /** What trains shorter or longer than the base still does so by the same ratio. */
  private static void setEpochs(ObjectNode request, ObjectNode training, int wanted) {
    int before = training.path("epochs").asInt(wanted);
    training.put("epochs", wanted);
    for (JsonNode axis : request.path("axes")) {
      for (JsonNode cell : axis.path("cells")) {
        if (cell.path("patch").path("training") instanceof ObjectNode own
            && own.path("epochs").isIntegralNumber()) {
          long scaled = own.path("epochs").asLong() * wanted / Math.max(1, before);
          own.put("epochs", (int) Math.max(1, scaled));
        }
      }
    }
  }

  private static ObjectNode object(ObjectNode holder, String field) {
    return holder.get(field) instanceof ObjectNode given ? given : holder.putObject(field);
  }

  /** Where the study's images lie. */
  static List<Path> dataRoots(StudyRequest study) {
    List<Path> roots = new ArrayList<>();
    String path = study.base().dataSet().path();
    if (path != null) {
      roots.add(Path.of(path));
    }
    return roots;
  }
}
