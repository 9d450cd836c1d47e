package spikemlp.registry.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import spikemlp.contract.registry.Artifact;

/**
 * Reads a stored content block by block and hands out a block only after its hash was found right:
 * no damaged byte ever leaves. Skipping reads nothing. Holds one block; not thread-safe.
 */
final class VerifiedInputStream extends InputStream {

  private final ArtifactStorage storage;
  private final Artifact artifact;
  private final byte[] blocks;
  private final Runnable onDamage;
  private final MessageDigest digest = ContentDigest.sha256Digest();
  private final byte[] block;
  private long position;
  private long blockStart = -1;
  private int blockLength;
  private @Nullable InputStream source;
  private long sourcePosition;

  /**
   * @param blocks see {@link ContentDigest#blocks}
   * @param onDamage run before a damaged block is refused
   */
  VerifiedInputStream(
      ArtifactStorage storage, Artifact artifact, byte[] blocks, Runnable onDamage) {
    this.storage = storage;
    this.artifact = artifact;
    this.blocks = blocks;
    this.onDamage = onDamage;
    this.block = new byte[(int) Math.min(ContentDigest.BLOCK_BYTES, artifact.size())];
  }

  @Override
  public int read() throws IOException {
    if (blockStart >= 0 && position >= blockStart && position < blockStart + blockLength) {
      return block[(int) (position++ - blockStart)] & 0xff;
    }
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    if (position >= artifact.size()) {
      return -1;
    }
    int at = loaded();
    int taken = Math.min(length, blockLength - at);
    System.arraycopy(block, at, target, offset, taken);
    position += taken;
    return taken;
  }

  /** Hands over whole blocks as they lie. */
  @Override
  public long transferTo(OutputStream out) throws IOException {
    long before = position;
    while (position < artifact.size()) {
      int at = loaded();
      out.write(block, at, blockLength - at);
      position = blockStart + blockLength;
    }
    return position - before;
  }

  /** Has the block of the position in memory, and answers where in it the position is. */
  private int loaded() throws IOException {
    long start = position / ContentDigest.BLOCK_BYTES * ContentDigest.BLOCK_BYTES;
    if (start != blockStart) {
      load(start);
    }
    return (int) (position - blockStart);
  }

  private void load(long start) throws IOException {
    blockStart = -1;
    int wanted = (int) Math.min(ContentDigest.BLOCK_BYTES, artifact.size() - start);
    int came;
    try {
      came = from(start).readNBytes(block, 0, wanted);
      sourcePosition = start + came;
    } catch (NoSuchFileException e) {
      throw damaged(e);
    } catch (IOException e) {
      throw new DamagedContentException("artifact " + artifact.sha256() + " cannot be read", e);
    }
    digest.update(block, 0, came);
    int hash = (int) (start / ContentDigest.BLOCK_BYTES) * ContentDigest.HASH_BYTES;
    byte[] actual = digest.digest();
    if (came != wanted
        || !Arrays.equals(
            actual, 0, actual.length, blocks, hash, hash + ContentDigest.HASH_BYTES)) {
      throw damaged(null);
    }
    blockStart = start;
    blockLength = wanted;
  }

  private InputStream from(long start) throws IOException {
    InputStream current = source;
    if (current == null || sourcePosition != start) {
      close();
      current = storage.open(artifact, start);
      source = current;
      sourcePosition = start;
    }
    return current;
  }

  private DamagedContentException damaged(@Nullable IOException cause) {
    onDamage.run();
    return new DamagedContentException(DamagedContentException.advice(artifact.sha256()), cause);
  }

  @Override
  public long skip(long bytes) {
    long skipped = Math.clamp(bytes, 0, artifact.size() - position);
    position += skipped;
    return skipped;
  }

  @Override
  public int available() {
    return blockStart < 0 ? 0 : (int) Math.max(0, blockStart + blockLength - position);
  }

  @Override
  public void close() throws IOException {
    InputStream current = source;
    source = null;
    if (current != null) {
      current.close();
    }
  }
}
