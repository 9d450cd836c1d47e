package spikemlp.registry.mlflow;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.util.MultiValueMap;
import spikemlp.registry.StoredJson;
import spikemlp.registry.mlflow.MlflowError.Code;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The fields of a request: of its body, or of its query, as MLflow's clients send either. */
record MlflowRequest(ObjectNode fields) {

  /** Of a body. */
  static MlflowRequest of(JsonNode body) {
    if (body instanceof ObjectNode fields) {
      return new MlflowRequest(fields);
    }
    throw invalid("the body is a JSON object");
  }

  /** Of a query; a field that is given twice is a list. */
  static MlflowRequest of(MultiValueMap<String, String> query) {
    ObjectNode fields = JsonNodeFactory.instance.objectNode();
    query.forEach((name, values) -> {
      if (values.size() == 1) {
        fields.put(name, values.getFirst());
      } else {
        values.forEach(fields.withArray(name)::add);
      }
    });
    return new MlflowRequest(fields);
  }

  /** Of a body, or of the query if there is none. */
  static MlflowRequest of(Optional<JsonNode> body, MultiValueMap<String, String> query) {
    return body.map(MlflowRequest::of).orElseGet(() -> of(query));
  }

  /** A text that must be there. */
  String text(String name) {
    return optionalText(name)
        .orElseThrow(() -> invalid("Missing value for required parameter '" + name + "'"));
  }

  /** A text or a number. */
  Optional<String> optionalText(String name) {
    JsonNode value = fields.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isString() && !value.isNumber()) {
      throw invalid("'" + name + "' is a text");
    }
    if (!StoredJson.storable(value.asString())) {
      throw invalid("'" + name + "' " + StoredJson.UNSTORABLE);
    }
    return Optional.of(value.asString());
  }

  /** A version's number. */
  int version() {
    String version = text("version");
    if (!version.matches("[1-9][0-9]{0,8}")) {
      throw invalid("'version' is a whole number from 1, such as \"3\"");
    }
    return Integer.parseInt(version);
  }

  /** Texts, one or several. */
  List<String> texts(String name) {
    JsonNode value = fields.path(name);
    if (value.isArray()) {
      return value.valueStream().map(JsonNode::asString).toList();
    }
    return optionalText(name).stream().toList();
  }

  /** A list of objects with {@code key} and {@code value}. */
  Map<String, String> tags() {
    Map<String, String> tags = new LinkedHashMap<>();
    JsonNode given = fields.path("tags");
    if (!given.isArray() && !given.isMissingNode() && !given.isNull()) {
      throw invalid("'tags' is a list of objects with the texts key and value");
    }
    for (JsonNode tag : given) {
      JsonNode key = tag.path("key");
      JsonNode value = tag.path("value");
      if (!key.isString() || !value.isString()) {
        throw invalid("'tags' is a list of objects with the texts key and value");
      }
      tags.put(key.asString(), value.asString());
    }
    return tags;
  }

  /** How many results a page has at most. */
  int maxResults(int usual, int most) {
    Optional<String> given = optionalText("max_results");
    if (given.isPresent() && !given.get().matches("[1-9][0-9]{0,8}")) {
      throw invalid("'max_results' is a whole number from 1");
    }
    return Math.min(most, given.map(Integer::valueOf).orElse(usual));
  }

  Optional<String> pageToken() {
    return optionalText("page_token").filter(token -> !token.isEmpty());
  }

  private static MlflowException invalid(String message) {
    return new MlflowException(Code.INVALID_PARAMETER_VALUE, message);
  }
}
