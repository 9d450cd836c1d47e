package spikemlp.data;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that fails when it gives more bytes than it was announced with. */
final class BoundedStream extends FilterInputStream {

  private final long announced;
  private long left;

  BoundedStream(InputStream in, long announced) {
    super(in);
    this.announced = announced;
    this.left = announced;
  }

  @Override
  public int read() throws IOException {
    int value = super.read();
    taken(value < 0 ? 0 : 1);
    return value;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int count = super.read(target, offset, length);
    taken(count);
    return count;
  }

  @Override
  public long skip(long count) throws IOException {
    long skipped = super.skip(count);
    taken(skipped);
    return skipped;
  }

  private void taken(long count) throws IOException {
    left -= Math.max(0, count);
    if (left < 0) {
      throw new IOException("it unpacks to more than the announced " + announced + " bytes");
    }
  }
}
