package spikemlp.data;

import java.util.List;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.job.Augmentation;

/**
 * Where labelled pictures come from. Opening one looks at names and a few headers; {@link #load}
 * reads the pictures. Immutable and thread-safe; holds nothing open.
 */
public sealed interface DataSource permits ClassFolders, CifarBinary, MnistIdx, DrawnDigits {

  /** A short name for people, such as the file's. */
  String name();

  /** The classes' names, index = class. */
  List<String> labels();

  /** Rows of the pictures: of most, where they are small and differ; else a usual size. */
  int height();

  /** Columns of the pictures, by the same rule. */
  int width();

  /** How such pictures are usually varied in training. */
  Augmentation usualAugmentation();

  /**
   * Reads every picture and prepares it to height×width.
   *
   * @param seed of the split, where the source has no test part of its own
   * @throws UnusableDataSetException if the source or too many of its pictures cannot be used
   */
  default DataSplit load(int height, int width, InputSpec.Fit fit, long seed) {
    return load(height, width, fit, seed, StopRequest.NEVER);
  }

  /**
   * The same, given up when asked.
   *
   * @throws java.util.concurrent.CancellationException if it was
   */
  DataSplit load(int height, int width, InputSpec.Fit fit, long seed, StopRequest stop);
}
