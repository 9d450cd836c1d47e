package spikemlp.trainer.study;

import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;
import spikemlp.contract.job.DataSetSpec;
import spikemlp.contract.job.TrainingJobRequest;
import spikemlp.contract.network.FieldProblem;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Training-job requests as JSON: the form that patches apply to. */
@Component
final class JobJson {

  private static final int MOST_PROBLEMS = 50;

  private final JsonMapper json;

  JobJson(JsonMapper json) {
    this.json = json;
  }

  ObjectNode of(TrainingJobRequest request) {
    return (ObjectNode) json.<JsonNode>valueToTree(request);
  }

  JsonNode patch(Object patch) {
    return json.valueToTree(patch);
  }

  /** The request that training starts with these weights: a registered model's version. */
  static ObjectNode startingFrom(ObjectNode request, String model, int version) {
    ObjectNode filled = request.deepCopy();
    filled.putObject("start").put("model", model).put("version", version).put("mode", "INHERIT");
    return filled;
  }

  /** The request with this seed. */
  static ObjectNode withSeed(ObjectNode request, long seed) {
    ObjectNode seeded = request.deepCopy();
    ObjectNode training =
        seeded.get("training") instanceof ObjectNode given ? given : seeded.putObject("training");
    training.put("seed", seed);
    return seeded;
  }

  TrainingJobRequest read(JsonNode request) {
    return json.treeToValue(request, TrainingJobRequest.class);
  }

  /** The request without what is none of a request's, each such field noted. */
  TrainingJobRequest read(JsonNode request, List<FieldProblem> problems) {
    JsonNode rest = request.deepCopy();
    for (int i = 0; i < MOST_PROBLEMS; i++) {
      try {
        return read(rest);
      } catch (DatabindException e) {
        problems.add(problem(e, rest));
        if (!remove(rest, e.getPath())) {
          break;
        }
      }
    }
    return new TrainingJobRequest("", DataSetSpec.digits(), null, null);
  }

  private static FieldProblem problem(DatabindException failure, JsonNode request) {
    List<String> field = new ArrayList<>();
    JsonNode value = request;
    for (JacksonException.Reference step : failure.getPath()) {
      String name = step.getPropertyName();
      field.add(name == null ? "[" + step.getIndex() + "]" : (field.isEmpty() ? "" : ".") + name);
      value = name == null ? value.path(step.getIndex()) : value.path(name);
    }
    String message =
        failure instanceof UnrecognizedPropertyException unknown
            ? "no such field; there are "
                + String.join(
                    ", ",
                    unknown.getKnownPropertyIds().stream().map(String::valueOf).sorted().toList())
            : "is of the wrong type or none of the values there are";
    return new FieldProblem(String.join("", field), value.toString(), message);
  }

  private static boolean remove(JsonNode request, List<JacksonException.Reference> path) {
    JsonNode holder = request;
    for (int i = 0; i < path.size(); i++) {
      JacksonException.Reference step = path.get(i);
      boolean last = i == path.size() - 1;
      String name = step.getPropertyName();
      if (name == null) {
        if (last && holder instanceof ArrayNode array) {
          return array.remove(step.getIndex()) != null;
        }
        holder = holder.path(step.getIndex());
      } else {
        if (last && holder instanceof ObjectNode object) {
          return object.remove(name) != null;
        }
        holder = holder.path(name);
      }
    }
    return false;
  }
}
