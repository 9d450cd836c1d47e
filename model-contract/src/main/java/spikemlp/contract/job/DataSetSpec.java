package spikemlp.contract.job;

import org.jspecify.annotations.Nullable;

/**
 * Which images a job trains on.
 *
 * @param kind {@code digits}, drawn by code, {@code path} or {@code uploaded}
 * @param path for {@code path}: a class-folder directory or zip, a CIFAR-10/100 binary or an MNIST
 *     IDX directory, below one of the trainer's data roots
 * @param trainImages for {@code digits}: how many to draw for training; default 20,000. For {@code
 *     path} and {@code uploaded}: at most so many, spread evenly over all; null for all
 * @param testImages the same for testing; default 2,000
 * @param id for {@code uploaded}: a data set of {@code /api/v1/datasets}
 */
public record DataSetSpec(
    String kind,
    @Nullable String path,
    @Nullable Integer trainImages,
    @Nullable Integer testImages,
    @Nullable String id) {

  /** Images that were not uploaded. */
  public DataSetSpec(
      String kind,
      @Nullable String path,
      @Nullable Integer trainImages,
      @Nullable Integer testImages) {
    this(kind, path, trainImages, testImages, null);
  }

  /** Digits drawn by code, in the default numbers. */
  public static DataSetSpec digits() {
    return new DataSetSpec("digits", null, null, null);
  }

  /** An uploaded data set. */
  public static DataSetSpec uploaded(String id) {
    return new DataSetSpec("uploaded", null, null, null, id);
  }

  /** Images at a path that the trainer can read. */
  public static DataSetSpec at(String path) {
    return new DataSetSpec("path", path, null, null);
  }
}
