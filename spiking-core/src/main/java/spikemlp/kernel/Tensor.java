package spikemlp.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A flat, row-major run of numbers in native memory: an ND4J array and the address of its buffer.
 *
 * <p>Shapes live with the layers that give them meaning. The tensor holds the array strongly as
 * long as its address is used; {@link #close()} frees the memory at once. Not thread-safe: threads
 * write to disjoint parts.
 */
public final class Tensor implements AutoCloseable {

  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

  private final Precision precision;
  private final long size;

  /** Forgotten with the last tensor of this memory. */
  private final Object owner;

  private final NativeMemory.Share share;
  private final INDArray array;
  private final MemorySegment segment;

  private Tensor(Precision precision, long size) {
    NativeBackend.ensureLoaded();
    this.precision = precision;
    this.size = size;
    this.owner = new Object();
    this.share = NativeMemory.take(owner, Math.max(1, size) * precision.bytes());
    this.array = Nd4j.create(precision.type(), Math.max(1, size));
    long address = array.data().address();
    this.segment =
        MemorySegment.ofAddress(address).reinterpret(Math.max(1, size) * precision.bytes());
  }

  private Tensor(Tensor whole, long size) {
    this.precision = whole.precision;
    this.size = size;
    this.owner = whole.owner;
    this.share = whole.share;
    this.array = whole.array;
    this.segment = whole.segment.asSlice(0, Math.max(1, size) * precision.bytes());
  }

  /** {@code size} zeros. */
  public static Tensor zeros(Precision precision, long size) {
    return new Tensor(precision, size);
  }

  /** The first {@code count} numbers, the same memory, which this tensor owns. */
  public Tensor first(long count) {
    return new Tensor(this, count);
  }

  public Precision precision() {
    return precision;
  }

  public long size() {
    return size;
  }

  /** The memory, {@code size} numbers. */
  MemorySegment segment() {
    return segment;
  }

  public double get(long i) {
    return switch (precision) {
      case SINGLE -> segment.get(FLOAT, i * Float.BYTES);
      case DOUBLE -> segment.get(DOUBLE, i * Double.BYTES);
    };
  }

  /** Stores the nearest number of the tensor's precision. */
  public void set(long i, double value) {
    switch (precision) {
      case SINGLE -> segment.set(FLOAT, i * Float.BYTES, (float) value);
      case DOUBLE -> segment.set(DOUBLE, i * Double.BYTES, value);
    }
  }

  /** Stores numbers from {@code offset} on. */
  public void setAll(float[] values, long offset) {
    switch (precision) {
      case SINGLE ->
          MemorySegment.copy(
              values, 0, segment, ValueLayout.JAVA_FLOAT, offset * Float.BYTES, values.length);
      case DOUBLE -> {
        for (int i = 0; i < values.length; i++) {
          set(offset + i, values[i]);
        }
      }
    }
  }

  /** Sets {@code count} numbers from {@code offset} to zero. */
  public void clear(long offset, long count) {
    segment.asSlice(offset * precision.bytes(), count * precision.bytes()).fill((byte) 0);
  }

  /** Copies {@code count} numbers from another tensor of the same precision. */
  public void copyFrom(Tensor source, long sourceOffset, long offset, long count) {
    int bytes = precision.bytes();
    MemorySegment.copy(
        source.segment, sourceOffset * bytes, segment, offset * bytes, count * bytes);
  }

  /**
   * Where {@code count} numbers from {@code offset} on lie, for BLAS. It shares this tensor's
   * memory and does not keep it.
   */
  Pointer pointer(long offset, long count) {
    if (offset < 0 || offset + count > size) {
      throw new IllegalArgumentException(
          count + " numbers from " + offset + " leave a tensor of " + size);
    }
    Pointer start = array.data().addressPointer();
    return switch (precision) {
      case SINGLE -> new FloatPointer(start).getPointer(offset);
      case DOUBLE -> new DoublePointer(start).getPointer(offset);
    };
  }

  @Override
  public void close() {
    if (!array.wasClosed()) {
      array.close();
      share.run();
    }
  }
}
