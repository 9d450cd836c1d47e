package spikemlp.registry.search;

import java.util.List;
import java.util.Optional;

/**
 * Some of the rows that a search found.
 *
 * @param next what the next page begins after; empty on the last one
 */
public record Page<T>(List<T> items, Optional<String> next) {

  public Page {
    items = List.copyOf(items);
  }
}
