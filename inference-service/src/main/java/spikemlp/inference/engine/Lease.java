package spikemlp.inference.engine;

import java.util.concurrent.atomic.AtomicBoolean;
import spikemlp.contract.card.ModelCard;

/** The use of a loaded version, until closed; {@code owner} guards whether it is. */
public final class Lease implements AutoCloseable {

  private final LoadedModels owner;
  private final ServedVersion version;
  private final LoadedEntry entry;
  private final OnnxModel model;
  private final AtomicBoolean queued = new AtomicBoolean();
  private boolean returned;

  Lease(LoadedModels owner, ServedVersion version, LoadedEntry entry, OnnxModel model) {
    this.owner = owner;
    this.version = version;
    this.entry = entry;
    this.model = model;
    entry.arriving.incrementAndGet();
  }

  public ServedVersion version() {
    return version;
  }

  public ModelCard card() {
    return model.card();
  }

  /** How many samples one run of it takes. */
  public Batching batching() {
    return model.batching();
  }

  /** Floats of one image, 3·H·W. */
  public int imageSize() {
    return model.imageSize();
  }

  /** The runs of this version's session. */
  public RunStatistics runs() {
    return model.runs();
  }

  OnnxModel model() {
    return model;
  }

  /** Leases of this version whose images are not in the queue yet. */
  int arriving() {
    return entry.arriving.get();
  }

  /** Says that its images are in the queue, or that it has none to bring. */
  void queued() {
    if (queued.compareAndSet(false, true)) {
      entry.arriving.decrementAndGet();
    }
  }

  /** Another use of the version's session, of a run that may outlast this lease. */
  Held share() {
    synchronized (owner) {
      if (returned) {
        throw new IllegalStateException("the lease of " + version.label() + " is closed");
      }
      owner.retain(entry);
    }
    AtomicBoolean held = new AtomicBoolean(true);
    return () -> {
      if (held.getAndSet(false)) {
        owner.release(entry);
      }
    };
  }

  /**
   * Computes a batch of normalised images {@code [B, 3, H, W]} on the caller's thread.
   *
   * @throws DeadlineExceededException if it took longer than allowed
   * @throws UnusableModelException if ONNX Runtime fails, or a logit is not finite
   */
  public Outputs infer(float[] images, int batch, Deadline deadline) {
    return model.infer(images, batch, deadline);
  }

  @Override
  public void close() {
    synchronized (owner) {
      if (returned) {
        return;
      }
      returned = true;
    }
    queued();
    owner.leave(entry);
  }
}
