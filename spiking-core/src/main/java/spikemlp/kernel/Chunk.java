package spikemlp.kernel;

/**
 * A cursor over a step's numbers, {@code tokens} rows of {@code channels}, in runs that a kernel's
 * work arrays hold: some whole tokens, or a part of one.
 */
final class Chunk {

  private int tokens;
  private int channels;
  private int token;
  private int column;

  /** Goes to the first run. */
  void begin(int allTokens, int allChannels) {
    tokens = allTokens;
    channels = allChannels;
    token = 0;
    column = 0;
  }

  /** Whether this is a run, and not the end. */
  boolean present() {
    return token < tokens;
  }

  void next() {
    column += width();
    if (column == channels) {
      token += rows();
      column = 0;
    }
  }

  /** The first token. */
  int token() {
    return token;
  }

  /** How many tokens. */
  int rows() {
    return Math.min(ByFeature.repeats(channels), tokens - token);
  }

  /** The first channel. */
  int column() {
    return column;
  }

  /** How many channels. */
  int width() {
    return Math.min(ByFeature.CHUNK, channels - column);
  }

  /** How many numbers. */
  int count() {
    return rows() * width();
  }

  /** Where the run begins within the step. */
  int at() {
    return token * channels + column;
  }
}
