package spikemlp.contract.card;

/**
 * How many of a convolution's windows each position of its input lies in: 1 to k² inside, fewer at
 * the borders. The exported graph multiplies spikes with these counts and sums them, one column of
 * the {@code windows} output each, so that additions are counted exactly at the borders too.
 *
 * @param source the neuron layer whose spikes are the convolution's input
 * @param channels channels of that layer
 * @param height rows of the input
 * @param width columns of the input
 * @param kernel k
 * @param stride s
 * @param padding zeros added on each side
 */
public record SpikeWindow(
    String source, int channels, int height, int width, int kernel, int stride, int padding) {

  /** Windows over each row, {@code [height]}. */
  public long[] rows() {
    return reached(height);
  }

  /** Windows over each column, {@code [width]}. */
  public long[] columns() {
    return reached(width);
  }

  /** Σ over positions and channels: the column's value if every input spiked once. */
  public long dense() {
    return channels * sum(rows()) * sum(columns());
  }

  private long[] reached(int side) {
    long[] count = new long[side];
    int outputs = (side + 2 * padding - kernel) / stride + 1;
    for (int output = 0; output < outputs; output++) {
      for (int tap = 0; tap < kernel; tap++) {
        int position = output * stride - padding + tap;
        if (position >= 0 && position < side) {
          count[position]++;
        }
      }
    }
    return count;
  }

  private static long sum(long[] values) {
    long sum = 0;
    for (long value : values) {
      sum += value;
    }
    return sum;
  }
}
