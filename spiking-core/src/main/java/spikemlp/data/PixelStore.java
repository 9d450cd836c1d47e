package spikemlp.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Prepared pixels in slots of equal length, in memory outside the heap or in a mapped temporary
 * file. Freed when closed, or else by the garbage collector with its last user, which may be long
 * after: the heap does not feel their weight.
 */
final class PixelStore implements AutoCloseable {

  private static final Cleaner CLEANER = Cleaner.create();

  /** Up to here pixels are kept in memory; beyond in a temporary file. */
  static final long MEMORY_BOUND = Math.min(1L << 30, Runtime.getRuntime().maxMemory() / 2);

  private final MemorySegment pixels;
  private final int length;
  private final Cleaner.Cleanable memory;

  private PixelStore(Arena arena, MemorySegment pixels, int length) {
    this.pixels = pixels;
    this.length = length;
    this.memory = CLEANER.register(this, arena::close);
  }

  /** Frees the memory; a picture read after is an {@link IllegalStateException}. */
  @Override
  public void close() {
    memory.clean();
  }

  static Writer writer(int slots, int length) {
    return writer(slots, length, MEMORY_BOUND);
  }

  static Writer writer(int slots, int length, long memoryBound) {
    long size = (long) slots * length;
    return size <= memoryBound ? new InMemory(size, length) : TemporaryFile.create(size, length);
  }

  void get(int slot, byte[] target, int offset) {
    MemorySegment.copy(pixels, ValueLayout.JAVA_BYTE, (long) slot * length, target, offset, length);
  }

  /** Fills a store. Different threads may put different slots; then one of them finishes. */
  sealed interface Writer extends AutoCloseable {
    void put(int slot, byte[] picture);

    /** The filled store; nothing is put after. */
    PixelStore finish();

    /** Gives up what an unfinished store holds; does nothing after {@link #finish}. */
    @Override
    void close();
  }

  private static final class InMemory implements Writer {

    private final Arena arena = Arena.ofShared();
    private final MemorySegment pixels;
    private final int length;
    private boolean finished;

    InMemory(long size, int length) {
      this.pixels = arena.allocate(Math.max(size, 1));
      this.length = length;
    }

    @Override
    public void put(int slot, byte[] picture) {
      MemorySegment.copy(picture, 0, pixels, ValueLayout.JAVA_BYTE, (long) slot * length, length);
    }

    @Override
    public PixelStore finish() {
      finished = true;
      return new PixelStore(arena, pixels, length);
    }

    @Override
    public void close() {
      if (!finished && arena.scope().isAlive()) {
        arena.close();
      }
    }
  }

  /** Written through the channel and mapped after, so that a full disk is an IOException. */
  private record TemporaryFile(Path path, FileChannel channel, long size, int length)
      implements Writer {

    static TemporaryFile create(long size, int length) {
      try {
        Path path = Files.createTempFile("spikemlp-pixels-", ".bin");
        path.toFile().deleteOnExit();
        FileChannel channel =
            FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        return new TemporaryFile(path, channel, size, length);
      } catch (IOException e) {
        throw failed(Path.of(System.getProperty("java.io.tmpdir", ".")), size, e);
      }
    }

    @Override
    public void put(int slot, byte[] picture) {
      ByteBuffer rest = ByteBuffer.wrap(picture, 0, length);
      long at = (long) slot * length;
      try {
        while (rest.hasRemaining()) {
          at += channel.write(rest, at);
        }
      } catch (IOException e) {
        throw failed(path, size, e);
      }
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // the store closes the arena
    public PixelStore finish() {
      try (this) {
        if (channel.size() < size) {
          channel.write(ByteBuffer.allocate(1), size - 1);
        }
        Arena arena = Arena.ofShared();
        return new PixelStore(
            arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena), length);
      } catch (IOException e) {
        throw failed(path, size, e);
      }
    }

    @Override
    public void close() {
      try {
        channel.close();
        Files.deleteIfExists(path);
      } catch (IOException e) {
        throw failed(path, size, e);
      }
    }

    private static UncheckedIOException failed(Path path, long size, IOException e) {
      return new UncheckedIOException(
          "keeping %d MB of prepared pixels in the temporary file %s failed (%s); free space there or point -Djava.io.tmpdir at a larger disk"
              .formatted(size >> 20, path, e.getMessage()),
          e);
    }
  }
}
