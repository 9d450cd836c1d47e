package spikemlp.registry;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.stereotype.Component;
import spikemlp.contract.network.FieldProblem;
import spikemlp.contract.network.InvalidConfigurationException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON as {@code jsonb} columns hold it. Reading is lenient, unlike the reading of requests: a row
 * that an earlier version wrote may lack what a later one added.
 */
@Component
public class StoredJson {

  /** What to say of a text that is not {@link #storable}. */
  public static final String UNSTORABLE =
      "holds a text with the character U+0000 or half a surrogate pair, which cannot be stored";

  private final JsonMapper mapper;

  StoredJson(JsonMapper mapper) {
    this.mapper =
        mapper
            .rebuild()
            .annotationIntrospector(new JacksonAnnotationIntrospector()) // not RequiredComponents
            .disable(
                DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
  }

  /**
   * The value's JSON.
   *
   * @throws InvalidConfigurationException if a text in it is not {@link #storable}
   */
  public String write(Object value) {
    String json = mapper.writeValueAsString(value);
    if (json.contains("\\u0000") || !storable(json)) {
      throw new InvalidConfigurationException(
          List.of(new FieldProblem("body", value.getClass().getSimpleName(), UNSTORABLE)));
    }
    return json;
  }

  /** Whether PostgreSQL can hold the text: no U+0000, no half of a surrogate pair. */
  public static boolean storable(String text) {
    return text.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  public <T> T read(String json, Class<T> type) {
    return mapper.readValue(json, type);
  }

  public <T> T read(String json, TypeReference<T> type) {
    return mapper.readValue(json, type);
  }
}
