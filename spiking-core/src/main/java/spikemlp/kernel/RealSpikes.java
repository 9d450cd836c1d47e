package spikemlp.kernel;

/** Spikes as numbers: for the naive kernels, and for gradient checks, whose neurons fire reals. */
final class RealSpikes implements Spikes {

  private final long rows;
  private final int slots;
  private final int width;
  private final double[] values;

  RealSpikes(long rows, int slots, int width) {
    this.rows = rows;
    this.slots = slots;
    this.width = width;
    this.values = new double[Math.toIntExact(rows * slots * width)];
  }

  @Override
  public long rows() {
    return rows;
  }

  @Override
  public int slots() {
    return slots;
  }

  @Override
  public int width() {
    return width;
  }

  private int at(long row) {
    return (int) (row * slots * width);
  }

  void set(long row, int column, double value) {
    values[at(row) + column] = value;
  }

  @Override
  public void copySlots(Spikes from, long fromRow, long row, int slot, int count) {
    RealSpikes source = (RealSpikes) from;
    System.arraycopy(
        source.values, source.at(fromRow), values, at(row) + slot * width, count * width);
  }

  @Override
  public void clearSlots(long row, int slot, int count) {
    int from = at(row) + slot * width;
    java.util.Arrays.fill(values, from, from + count * width, 0);
  }

  @Override
  public long count(long firstRow, long rows) {
    double sum = 0;
    for (int i = at(firstRow); i < at(firstRow + rows); i++) {
      sum += values[i];
    }
    return Math.round(sum);
  }

  @Override
  public double get(long row, int column) {
    return values[at(row) + column];
  }
}
