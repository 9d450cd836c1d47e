package spikemlp.registry.version;

import java.util.List;
import spikemlp.contract.network.FieldProblem;
import spikemlp.contract.network.InvalidConfigurationException;
import spikemlp.registry.StoredJson;

/** What a description may be. */
final class Description {

  private static final int MOST = 4000;

  private Description() {}

  /**
   * Refuses what cannot be a description.
   *
   * @throws InvalidConfigurationException saying why
   */
  static void check(String description) {
    if (description.length() > MOST) {
      throw invalid(
          description.length() + " characters", "must have at most " + MOST + " characters");
    }
    if (!StoredJson.storable(description)) {
      throw invalid("a text", StoredJson.UNSTORABLE);
    }
  }

  private static InvalidConfigurationException invalid(String value, String message) {
    return new InvalidConfigurationException(
        List.of(new FieldProblem("description", value, message)));
  }
}
