package spikemlp.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Bits listed and turned over, against looking at each. */
final class SpikeListTest {

  private static final int WORD = Long.SIZE;

  @Test
  void listsTheBitsThatAreSetAfterThoseBefore() {
    SplittableRandom random = new SplittableRandom(1);
    for (int draw = 0; draw < 1000; draw++) {
      long word =
          switch (draw % 4) {
            case 0 -> random.nextLong();
            case 1 -> sparse(random);
            case 2 -> -1L >>> random.nextInt(WORD);
            default -> 1L << random.nextInt(WORD);
          };
      int[] list = new int[3 + WORD + SpikeList.SLACK];
      list[2] = 7;
      int count = SpikeList.append(word, 100, list, 3);
      assertThat(Arrays.copyOfRange(list, 3, count))
          .as(Long.toBinaryString(word))
          .containsExactly(
              IntStream.range(0, WORD).filter(i -> bit(word, i)).map(i -> 100 + i).toArray());
      assertThat(list[2]).isEqualTo(7);
    }
    assertThat(SpikeList.append(0, 100, new int[SpikeList.SLACK], 0)).isZero();
  }

  @Test
  void transposesWhatIsAskedForAlone() {
    SplittableRandom random = new SplittableRandom(2);
    long[] rows = random.longs(3 * WORD).toArray();
    long[] transposed = rows.clone();
    SpikeList.transpose(transposed, WORD);
    for (int i = 0; i < WORD; i++) {
      for (int j = 0; j < WORD; j++) {
        assertThat(bit(transposed[WORD + i], j)).isEqualTo(bit(rows[WORD + j], i));
      }
    }
    assertThat(Arrays.copyOf(transposed, WORD)).isEqualTo(Arrays.copyOf(rows, WORD));
    assertThat(Arrays.copyOfRange(transposed, 2 * WORD, 3 * WORD))
        .isEqualTo(Arrays.copyOfRange(rows, 2 * WORD, 3 * WORD));
  }

  private static long sparse(SplittableRandom random) {
    long word = random.nextLong();
    word &= random.nextLong();
    return word & random.nextLong();
  }

  private static boolean bit(long word, int i) {
    return (word >>> i & 1) != 0;
  }
}
