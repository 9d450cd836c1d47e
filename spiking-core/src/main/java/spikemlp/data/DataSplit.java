package spikemlp.data;

import java.util.List;

/**
 * A data set, loaded. Its pictures lie outside the heap until it is closed or forgotten.
 *
 * @param train the pictures to learn from
 * @param test the pictures held out
 * @param contentHash SHA-256 over names, labels and bytes of all pictures, hexadecimal: the same
 *     for the same content wherever it lies, zipped or not
 * @param skipped the pictures left out
 */
public record DataSplit(
    ImageDataSet train, ImageDataSet test, String contentHash, List<SkippedPicture> skipped)
    implements AutoCloseable {

  public DataSplit {
    skipped = List.copyOf(skipped);
  }

  /** Frees the memory of all pictures, and of every set made of these, at once. */
  @Override
  public void close() {
    train.close();
    test.close();
  }
}
