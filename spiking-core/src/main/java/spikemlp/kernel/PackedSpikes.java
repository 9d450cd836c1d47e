package spikemlp.kernel;

import java.util.Arrays;

/** Spikes of one bit each. A slot begins at a whole 64-bit word; what is beyond its width is 0. */
final class PackedSpikes implements Spikes {

  private final long rows;
  private final int slots;
  private final int width;
  private final int slotWords;
  private final long[] words;

  PackedSpikes(long rows, int slots, int width) {
    this.rows = rows;
    this.slots = slots;
    this.width = width;
    this.slotWords = (width + Long.SIZE - 1) / Long.SIZE;
    this.words = new long[Math.toIntExact(rows * slots * slotWords)];
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

  int slotWords() {
    return slotWords;
  }

  /** Words a row. */
  int rowWords() {
    return slots * slotWords;
  }

  long[] words() {
    return words;
  }

  /** Where a row's words begin. */
  int at(long row) {
    return (int) (row * rowWords());
  }

  @Override
  public void copySlots(Spikes from, long fromRow, long row, int slot, int count) {
    PackedSpikes source = (PackedSpikes) from;
    System.arraycopy(
        source.words, source.at(fromRow), words, at(row) + slot * slotWords, count * slotWords);
  }

  @Override
  public void clearSlots(long row, int slot, int count) {
    int from = at(row) + slot * slotWords;
    Arrays.fill(words, from, from + count * slotWords, 0L);
  }

  @Override
  public long count(long firstRow, long rows) {
    long fired = 0;
    int end = at(firstRow + rows);
    for (int i = at(firstRow); i < end; i++) {
      fired += Long.bitCount(words[i]);
    }
    return fired;
  }

  @Override
  public double get(long row, int column) {
    int slot = column / width;
    int bit = column % width;
    return words[at(row) + slot * slotWords + (bit >>> 6)] >>> bit & 1;
  }
}
