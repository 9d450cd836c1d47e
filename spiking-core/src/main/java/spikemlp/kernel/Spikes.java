package spikemlp.kernel;

/**
 * Spikes of a layer, rows of {@code slots × width} numbers that are each 0 or 1. A row is a token
 * at a step of a sample, {@code [B, T, N]} in this order; a plain layer has one slot, the windows
 * of a convolution one for each tap.
 *
 * <p>Not thread-safe; threads write to disjoint rows.
 */
public sealed interface Spikes permits PackedSpikes, RealSpikes {

  long rows();

  /** Slots a row. */
  int slots();

  /** Numbers a slot. */
  int width();

  /** Copies {@code count} whole rows of a layer with one slot into as many slots of a row here. */
  void copySlots(Spikes from, long fromRow, long row, int slot, int count);

  /** Sets {@code count} slots of a row to zero. */
  void clearSlots(long row, int slot, int count);

  /** How many of a run of rows fired. */
  long count(long firstRow, long rows);

  /** The number at a place: 0 or 1, but in gradient checks. */
  double get(long row, int column);
}
