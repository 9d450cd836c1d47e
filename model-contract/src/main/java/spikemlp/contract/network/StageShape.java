package spikemlp.contract.network;

/**
 * The shape of one stage's tokens.
 *
 * @param channels C, channels a token
 * @param height H, rows of patches
 * @param width W, columns of patches
 * @param depth the number of mixers
 */
public record StageShape(int channels, int height, int width, int depth) {

  /** N = H·W. */
  public int tokens() {
    return height * width;
  }
}
