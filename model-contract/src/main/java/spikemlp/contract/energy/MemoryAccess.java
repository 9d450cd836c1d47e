package spikemlp.contract.energy;

/**
 * What reading or writing a value in 45 nm costs, after Horowitz (ISSCC 2014): a 64-bit access to
 * an SRAM of 8, 32 or 1024 KB takes 10, 20 or 100 pJ, to DRAM 1300 pJ. A memory is the smallest of
 * these that holds its values; an access of w bits costs w/64 of a 64-bit one, and a value takes as
 * many as it has words of w bits.
 *
 * @param accessBits w, bits an access moves
 */
public record MemoryAccess(int accessBits) {

  /** The access that {@link Level#picojoules} is the energy of. */
  public static final int REFERENCE_BITS = 64;

  /** A memory of 45 nm. */
  public enum Level {
    SRAM_8_KB(8 * 1024, 10),
    SRAM_32_KB(32 * 1024, 20),
    SRAM_1_MB(1024 * 1024, 100),
    DRAM(Double.POSITIVE_INFINITY, 1300);

    private final double bytes;
    private final double picojoules;

    Level(double bytes, double picojoules) {
      this.bytes = bytes;
      this.picojoules = picojoules;
    }

    /** How much it holds. */
    public double bytes() {
      return bytes;
    }

    /** A 64-bit access, pJ. */
    public double picojoules() {
      return picojoules;
    }

    /** The smallest that holds so many bytes. */
    public static Level holding(double bytes) {
      for (Level level : values()) {
        if (bytes <= level.bytes) {
          return level;
        }
      }
      return DRAM;
    }
  }

  public MemoryAccess {
    if (accessBits < 1) {
      throw new IllegalArgumentException("an access moves 1 bit or more, not " + accessBits);
    }
  }

  /** One value of a memory that holds {@code values} of them, pJ. */
  public double picojoules(long values, int valueBits) {
    return accesses(valueBits)
        * Level.holding((double) values * valueBits / Byte.SIZE).picojoules()
        * accessBits
        / REFERENCE_BITS;
  }

  /** One spike's address into or out of a queue, which is an 8 KB SRAM, pJ. */
  public double picojoulesOfQueue(int addressBits) {
    return (double) accesses(addressBits)
        * Level.SRAM_8_KB.picojoules()
        * accessBits
        / REFERENCE_BITS;
  }

  private int accesses(int valueBits) {
    return Math.ceilDiv(valueBits, accessBits);
  }
}
