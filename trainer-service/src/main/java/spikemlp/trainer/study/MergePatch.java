package spikemlp.trainer.study;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON merge patch, RFC 7396. */
final class MergePatch {

  private MergePatch() {}

  /** The target with the patch applied; neither is changed. */
  static JsonNode apply(JsonNode target, JsonNode patch) {
    if (!(patch instanceof ObjectNode changes)) {
      return patch.deepCopy();
    }
    ObjectNode result =
        target instanceof ObjectNode object
            ? object.deepCopy()
            : JsonNodeFactory.instance.objectNode();
    for (String name : changes.propertyNames()) {
      JsonNode change = changes.get(name);
      if (change.isNull()) {
        result.remove(name);
      } else {
        JsonNode before = result.path(name);
        result.set(name, apply(before, change));
      }
    }
    return result;
  }
}
