package spikemlp.contract.registry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of the registered models.
 *
 * @param items the models
 * @param next what {@code after} continues with, opaque; null if no model is left
 */
public record RegisteredModelPage(List<RegisteredModel> items, @Nullable String next) {

  public RegisteredModelPage {
    items = List.copyOf(items);
  }
}
