package spikemlp.registry.search;

import java.util.LinkedHashMap;
import java.util.Map;

/** The values of a statement's parameters. Mutable; one statement. */
final class Bindings {

  private final Map<String, Object> values = new LinkedHashMap<>();

  /** Binds a value. Returns how the statement names it. */
  String bind(Object value) {
    String name = "bound" + values.size();
    values.put(name, value);
    return ":" + name;
  }

  Map<String, Object> values() {
    return Map.copyOf(values);
  }
}
