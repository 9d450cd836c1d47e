package spikemlp.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import spikemlp.kernel.Charge;
import spikemlp.kernel.Kernels;
import spikemlp.kernel.Precision;
import spikemlp.kernel.Tensor;
import spikemlp.kernel.Workers;

/**
 * How a network runs on batches of one size: the kernels, the cores, the slices, and the work
 * buffers, which it owns and reuses from batch to batch. Used by one thread at a time, which shares
 * the slices out to the workers.
 *
 * <p>A batch is cut into at most {@value #MOST_SLICES} slices of whole samples. The cut depends on
 * the batch size alone, never on the number of threads, and sums over slices are made in their
 * order: the same batch gives the same bits on any number of cores.
 */
public final class Execution implements AutoCloseable {

  private static final int MOST_SLICES = 8;

  private final Kernels kernels;
  private final Workers workers;
  private final int batch;
  private final boolean training;
  private final List<Tensor> buffers = new ArrayList<>();

  /**
   * @param kernels the loops, and with them the precision
   * @param workers the cores to use
   * @param batch B
   * @param training whether batch statistics are used and gradients will be asked for; else the
   *     parameters are folded
   */
  public Execution(Kernels kernels, Workers workers, int batch, boolean training) {
    this.kernels = kernels;
    this.workers = workers;
    this.batch = batch;
    this.training = training;
  }

  public Kernels kernels() {
    return kernels;
  }

  public Precision precision() {
    return kernels.precision();
  }

  public int batch() {
    return batch;
  }

  public boolean training() {
    return training;
  }

  public int slices() {
    return Math.min(MOST_SLICES, batch);
  }

  /** The first sample of a slice; of {@code slices()}, the batch size. */
  public int firstSample(int slice) {
    return (int) ((long) slice * batch / slices());
  }

  /** Runs {@code task} for every slice, on all workers, and waits. */
  public void forEachSlice(IntConsumer task) {
    workers.forEach(slices(), task);
  }

  /** Computes a sample's state. */
  public void combine(int sample, Charge charge, Tensor state) {
    kernels.combine(charge, state, sample);
  }

  /**
   * Runs {@code task} for every sample, on all workers, and waits. What one sample passes through
   * should be one task: it stays in the cache.
   */
  public void forEachSample(IntConsumer task) {
    forEachSlice(slice -> forEachSample(slice, task));
  }

  /** What is done for a sample of a slice. */
  interface SampleTask {
    void accept(int slice, int sample);
  }

  /** Begins each slice, then runs {@code task} for its samples in their order; on all workers. */
  void forEachSample(IntConsumer begin, SampleTask task) {
    forEachSlice(slice -> {
      begin.accept(slice);
      for (int b = firstSample(slice); b < firstSample(slice + 1); b++) {
        task.accept(slice, b);
      }
    });
  }

  /** Runs {@code task} for every sample of a slice. */
  public void forEachSample(int slice, IntConsumer task) {
    for (int b = firstSample(slice); b < firstSample(slice + 1); b++) {
      task.accept(b);
    }
  }

  /** Copies a sample from one buffer {@code [B, ...]} to another of the same size. */
  public void copy(int sample, Tensor from, Tensor to) {
    long size = from.size() / batch;
    to.copyFrom(from, sample * size, sample * size, size);
  }

  /** Adds a sample of one buffer {@code [B, ...]} to that of another of the same size. */
  public void add(int sample, Tensor from, Tensor to) {
    long size = from.size() / batch;
    kernels.add(from, sample * size, to, sample * size, size);
  }

  /** Sets a sample of a buffer {@code [B, ...]} to zero. */
  public void clear(int sample, Tensor buffer) {
    long size = buffer.size() / batch;
    buffer.clear(sample * size, size);
  }

  /** A buffer of zeros that lives as long as this. */
  public Tensor buffer(long size) {
    Tensor tensor = Tensor.zeros(precision(), size);
    buffers.add(tensor);
    return tensor;
  }

  /** A buffer of {@code size} numbers for each slice. */
  public Tensor perSlice(long size) {
    return buffer(size * slices());
  }

  @Override
  public void close() {
    buffers.forEach(Tensor::close);
    buffers.clear();
  }
}
