package spikemlp.contract.registry;

import java.time.Instant;
import java.util.Map;

/**
 * A registered model as the API shows it.
 *
 * @param name unique
 * @param description for people; may be empty
 * @param versions how many versions it has
 * @param aliases alias to version number
 * @param tags free labels
 */
public record RegisteredModel(
    String name,
    String description,
    int versions,
    Map<String, Integer> aliases,
    Instant createdAt,
    Map<String, String> tags) {

  public RegisteredModel {
    aliases = Map.copyOf(aliases);
    tags = Map.copyOf(tags);
  }

  /** Without tags. */
  public RegisteredModel(
      String name,
      String description,
      int versions,
      Map<String, Integer> aliases,
      Instant createdAt) {
    this(name, description, versions, aliases, createdAt, Map.of());
  }
}
