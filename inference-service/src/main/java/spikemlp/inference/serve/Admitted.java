package spikemlp.inference.serve;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import spikemlp.contract.card.ExportProof;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.image.ImagePreparation;
import spikemlp.contract.image.UnreadableImageException;
import spikemlp.contract.registry.ModelReference;
import spikemlp.inference.engine.Batching;
import spikemlp.inference.engine.Caller;
import spikemlp.inference.engine.Computed;
import spikemlp.inference.engine.Deadline;
import spikemlp.inference.engine.ServedVersion;
import spikemlp.inference.model.Serving;

/**
 * A request that has its version and a place with it, until closed. Used by one thread; closed
 * before it computed, it counts as failed.
 */
public final class Admitted implements AutoCloseable {

  private static final double NANOS_PER_MILLI = 1e6;

  private final InferencePipeline pipeline;
  private final ModelReference reference;
  private final Serving serving;
  private final VersionStatistics statistics;
  private final Deadline deadline;
  private final Caller caller;
  private final long arrived;
  private final long admitted = System.nanoTime();
  private long decodeWallNanos;
  private long decodeNanos;
  private boolean answered;

  Admitted(
      InferencePipeline pipeline,
      ModelReference reference,
      Serving serving,
      VersionStatistics statistics,
      Deadline deadline,
      Caller caller,
      long arrived) {
    this.pipeline = pipeline;
    this.reference = reference;
    this.serving = serving;
    this.statistics = statistics;
    this.deadline = deadline;
    this.caller = caller;
    this.arrived = arrived;
  }

  Serving serving() {
    return serving;
  }

  public ServedVersion version() {
    return serving.lease().version();
  }

  public ModelCard card() {
    return serving.lease().card();
  }

  public ExportProof proof() {
    return serving.proof();
  }

  public Batching batching() {
    return serving.lease().batching();
  }

  /** Gives a picture's pixels {@code [H, W, 3]} as the version's input wants them. */
  @FunctionalInterface
  public interface PixelSource {

    /**
     * Decodes and resizes.
     *
     * @throws UnreadableImageException saying what is wrong with the picture
     */
    byte[] pixels(ImagePreparation preparation);
  }

  /**
   * Decodes and normalises pictures, on the decoders' threads.
   *
   * @param body counts the memory
   * @return direct, {@code [B, 3, H, W]}
   * @throws UnreadableImageException if one cannot be read; says which
   */
  public FloatBuffer prepare(List<? extends PixelSource> pictures, RequestBody body) {
    ImagePreparation preparation = new ImagePreparation(card().input());
    long bytes = (long) pictures.size() * preparation.length() * Float.BYTES;
    if (bytes > Integer.MAX_VALUE) {
      throw new UnreadableImageException(
          pictures.size() + " pictures are too many for one request; send fewer");
    }
    body.hold(bytes);
    FloatBuffer images =
        ByteBuffer.allocateDirect((int) bytes).order(ByteOrder.nativeOrder()).asFloatBuffer();
    AtomicLong working = new AtomicLong();
    List<Callable<Integer>> tasks =
        IntStream.range(0, pictures.size())
            .<Callable<Integer>>mapToObj(i ->
                () -> {
                  long began = System.nanoTime();
                  byte[] rgb = pixels(pictures, i, preparation);
                  preparation.normalise(rgb, images, i * preparation.length());
                  working.addAndGet(System.nanoTime() - began);
                  return i;
                })
            .toList();
    long began = System.nanoTime();
    pipeline.decoders().all(tasks, deadline, caller);
    decodeWallNanos = System.nanoTime() - began;
    decodeNanos = Math.min(decodeWallNanos, working.get());
    return images;
  }

  private static byte[] pixels(
      List<? extends PixelSource> pictures, int index, ImagePreparation preparation) {
    try {
      return pictures.get(index).pixels(preparation);
    } catch (UnreadableImageException e) {
      throw pictures.size() == 1
          ? e
          : new UnreadableImageException(
              "picture %d of %d: %s".formatted(index + 1, pictures.size(), e.getMessage()), e);
    }
  }

  /**
   * Computes normalised images {@code [B, 3, H, W]}; nobody changes them afterwards.
   *
   * @param images from the buffer's position to its limit, best direct
   * @param samples B
   */
  public Answered compute(FloatBuffer images, int samples) {
    Computed computed = pipeline.pool().compute(serving.lease(), images, samples, deadline, caller);
    long wait =
        admitted - arrived + computed.queueNanos() + Math.max(0, decodeWallNanos - decodeNanos);
    answered = true;
    statistics.answered(serving.route(), computed, wait, System.nanoTime() - arrived);
    pipeline.shadows().mirror(reference, card(), images, samples, computed.outputs());
    return new Answered(
        computed.outputs(),
        wait / NANOS_PER_MILLI,
        (decodeNanos + computed.computeNanos()) / NANOS_PER_MILLI,
        computed.largestBatch());
  }

  @Override
  public void close() {
    if (!answered) {
      statistics.failed(serving.route(), System.nanoTime() - arrived);
    }
    serving.close();
  }
}
