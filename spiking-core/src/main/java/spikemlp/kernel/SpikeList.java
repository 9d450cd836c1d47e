package spikemlp.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Lists which bits of packed spikes are set, and turns them over. */
final class SpikeList {

  private static final VectorSpecies<Integer> I =
      FloatVector.SPECIES_PREFERRED.withLanes(int.class);
  private static final int LANES = I.length();
  private static final VectorSpecies<Long> L = FloatVector.SPECIES_PREFERRED.withLanes(long.class);
  private static final int WORD = Long.SIZE;

  /**
   * Whether a vector's set lanes are moved together in one instruction. Else bits are looked for
   * one by one.
   */
  private static final boolean COMPRESSES = LANES == 16;

  /** How far beyond what is listed a list is written to. */
  static final int SLACK = LANES;

  private SpikeList() {}

  /**
   * Writes {@code base} and more for each bit that is set, in their order, from {@code list[count]}
   * on.
   *
   * @return how many are listed then
   */
  static int append(long word, int base, int[] list, int count) {
    int listed = count;
    if (COMPRESSES) {
      IntVector places = IntVector.broadcast(I, base).addIndex(1);
      for (long rest = word; rest != 0; rest >>>= LANES) {
        places.compress(VectorMask.fromLong(I, rest)).intoArray(list, listed);
        listed += Long.bitCount(rest & (1L << LANES) - 1);
        places = places.add(LANES);
      }
      return listed;
    }
    for (long rest = word; rest != 0; rest &= rest - 1) {
      list[listed++] = base + Long.numberOfTrailingZeros(rest);
    }
    return listed;
  }

  /**
   * Transposes 64 × 64 bits from {@code at} on: halves change over, then their halves, and so on.
   */
  static void transpose(long[] rows, int at) {
    long mask = 0x0000_0000_FFFF_FFFFL;
    int width = 32;
    for (; width >= L.length(); width >>>= 1, mask ^= mask << width) {
      for (int k = 0; k < WORD; k = (k + width + L.length()) & ~width) {
        LongVector low = LongVector.fromArray(L, rows, at + k);
        LongVector high = LongVector.fromArray(L, rows, at + k + width);
        LongVector change =
            low.lanewise(VectorOperators.LSHR, width).lanewise(VectorOperators.XOR, high).and(mask);
        low.lanewise(VectorOperators.XOR, change.lanewise(VectorOperators.LSHL, width))
            .intoArray(rows, at + k);
        high.lanewise(VectorOperators.XOR, change).intoArray(rows, at + k + width);
      }
    }
    for (; width != 0; width >>>= 1, mask ^= mask << width) {
      for (int k = 0; k < WORD; k = (k + width + 1) & ~width) {
        long change = (rows[at + k] >>> width ^ rows[at + k + width]) & mask;
        rows[at + k] ^= change << width;
        rows[at + k + width] ^= change;
      }
    }
  }
}
