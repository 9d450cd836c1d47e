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
 */
public record RegisteredModel(
    String name,
    String description,
    int versions,
    Map<String, Integer> aliases,
    Instant createdAt) {

  public RegisteredModel {
    aliases = Map.copyOf(aliases);
  }
}
