package spikemlp.trainer.dataset;

import java.util.List;

/** Some pictures of a data set, small. */
record Preview(List<Item> items) {

  /**
   * One of them.
   *
   * @param path its name in the archive
   * @param thumbnail a PNG of at most 64 pixels on a side, as a {@code data:} URI
   */
  record Item(String path, String label, String thumbnail) {}

  Preview {
    items = List.copyOf(items);
  }
}
