package spikemlp.kernel;

import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** The memory of tensors, which lies outside Java's heap: how much is held, and a bound on it. */
public final class NativeMemory {

  private static final Cleaner CLEANER = Cleaner.create();
  private static final int TRIES = 10;
  private static final long PAUSE_MILLIS = 50;
  private static final AtomicLong HELD = new AtomicLong();
  private static volatile long most = Long.MAX_VALUE;

  /** A tensor's share, given back once: when the tensor is closed, or else when it is forgotten. */
  static final class Share implements Runnable {

    private final long bytes;
    private final AtomicBoolean held = new AtomicBoolean(true);

    private Share(long bytes) {
      this.bytes = bytes;
    }

    @Override
    public void run() {
      if (held.getAndSet(false)) {
        HELD.addAndGet(-bytes);
      }
    }
  }

  private NativeMemory() {}

  /**
   * Bounds what all tensors of this process hold together, {@link Long#MAX_VALUE} for no bound. One
   * that would go beyond is refused with an {@link OutOfMemoryError}, the others stay as they are.
   *
   * @throws IllegalArgumentException if the bound is not positive
   */
  public static void limit(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException(
          "native memory is bounded by a positive number of bytes, not " + bytes);
    }
    most = bytes;
  }

  /** Bytes that tensors hold now. */
  public static long held() {
    return HELD.get();
  }

  /**
   * Takes a share for an owner.
   *
   * @throws OutOfMemoryError if there is none left, also after what was forgotten has been freed
   */
  static Share take(Object owner, long bytes) {
    for (int tries = 0; !taken(bytes); tries++) {
      if (tries == TRIES) {
        throw new OutOfMemoryError(
            "tensors hold %d bytes of native memory, %d more would be beyond the bound of %d"
                .formatted(HELD.get(), bytes, most));
      }
      System.gc();
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    Share share = new Share(bytes);
    CLEANER.register(owner, share);
    return share;
  }

  private static boolean taken(long bytes) {
    if (HELD.addAndGet(bytes) <= most) {
      return true;
    }
    HELD.addAndGet(-bytes);
    return false;
  }
}
