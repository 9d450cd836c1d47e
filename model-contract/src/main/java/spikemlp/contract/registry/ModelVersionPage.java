package spikemlp.contract.registry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of the versions of a model.
 *
 * @param items the versions
 * @param next what {@code after} continues with, opaque; null if no version is left
 */
public record ModelVersionPage(List<ModelVersion> items, @Nullable String next) {

  public ModelVersionPage {
    items = List.copyOf(items);
  }
}
