package spikemlp.kernel;

import java.util.Optional;

/**
 * Y = Σ over parts of X·Wᵀ, of spikes X {@code [R, I]} and weights W {@code [O, I]}: the weights of
 * what fired, added in the order of the parts and of the inputs. What did not fire adds nothing.
 *
 * <p>Rows are worked on in blocks of {@value #BLOCK} from the first one given, and sums go from
 * block to block in their order.
 */
public interface SpikeProduct {

  /** Rows that are worked on together. */
  int BLOCK = 64;

  /**
   * An input and its weights.
   *
   * @param x spikes {@code [R, I]}, I = slots · width
   * @param weight offset of W {@code [O, I]} within the weights
   */
  record Part(Spikes x, long weight) {

    int inputs() {
      return x.slots() * x.width();
    }
  }

  /** Takes over changed weights: piece {@code piece} of {@code pieces}, which may run at once. */
  void prepare(int piece, int pieces);

  /** Y of a sample's {@code rows} rows; and their sums by channel, Σy and Σy². */
  void forward(long firstRow, int rows, Tensor y, int sample, Optional<Moments> moments);

  /** Sets a slice's δW to zero. */
  void clearGradient(int slice);

  /**
   * Adds δYᵀ·X of {@code rows} rows to a slice's δW.
   *
   * @param dy of these rows
   * @param firstRow of X
   */
  void weightGradient(int slice, OutputGradient dy, long firstRow, int rows);

  /** δW = the slices' sums, in their order; pieces may run at once. */
  void finishGradient(Tensor gradients, int piece, int pieces);
}
