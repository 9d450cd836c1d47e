package spikemlp.inference.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Computes, as many runs at once as there are cores; a request with more samples than a run takes
 * is split, and its parts may run side by side. More runs than cores only make each other slower:
 * measured, 2 threads × 2 callers on 2 cores answer a quarter of what 1 × 2 do.
 *
 * <p>A small network's request that finds a core idle and nobody else about is computed on the
 * thread that asks: to wake another and to be woken costs more than the rest of the request.
 *
 * <p>Thread-safe. How many may wait is bounded where a version's lease is given ({@link
 * LoadedModels}).
 */
public final class ComputePool implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ComputePool.class);
  private static final int LONGEST_RUN_SECONDS = 30;

  private final RunQueue queue;
  private final List<Thread> workers;
  private final CountDownLatch ended;

  /**
   * A pool whose threads run until it is closed.
   *
   * @param threads runs at once, at least 1
   */
  public ComputePool(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("at least 1 thread computes, not " + threads);
    }
    queue = new RunQueue(threads);
    ended = new CountDownLatch(threads);
    workers =
        IntStream.range(0, threads)
            .mapToObj(i -> Thread.ofPlatform().daemon().name("compute-" + i).unstarted(this::work))
            .toList();
    workers.forEach(Thread::start);
  }

  /**
   * Computes a request's images; the calling thread waits.
   *
   * @param images normalised {@code [B, 3, H, W]} from the buffer's position to its limit; a direct
   *     buffer that is run alone is read where it lies
   * @param samples B, at least 1
   * @throws DeadlineExceededException if it is not done in time
   * @throws CallerGoneException if the caller went away meanwhile
   * @throws UnusableModelException if ONNX Runtime fails, or a logit is not finite
   */
  public Computed compute(
      Lease lease, FloatBuffer images, int samples, Deadline deadline, Caller caller) {
    if (samples < 1 || images.remaining() != (long) samples * lease.imageSize()) {
      throw new IllegalArgumentException(
          samples
              + " images have "
              + (long) samples * lease.imageSize()
              + " values, not "
              + images.remaining());
    }
    if (deadline.nanosLeft() == 0) {
      throw deadline.exceeded("before it was in the queue");
    }
    List<Job> jobs = split(lease, images, samples, deadline);
    long began = System.nanoTime();
    lease.queued(); // first: a run that begins with it must not wait for it
    if (!computedHere(jobs)) {
      queue.add(jobs);
    }
    int finished = 0;
    try {
      List<Job.Part> parts = new ArrayList<>();
      for (Job job : jobs) {
        parts.add(job.await(caller));
        finished++;
      }
      return together(parts, System.nanoTime() - began);
    } finally {
      jobs.subList(finished, jobs.size()).forEach(queue::abandon);
    }
  }

  private static List<Job> split(Lease lease, FloatBuffer images, int samples, Deadline deadline) {
    int size = lease.imageSize();
    int most = lease.batching().maxBatch();
    List<Job> jobs = new ArrayList<>();
    for (int from = 0; from < samples; from += most) {
      int count = Math.min(most, samples - from);
      FloatBuffer own = images.slice(images.position() + from * size, count * size);
      jobs.add(new Job(lease, own, count, deadline));
    }
    return jobs;
  }

  private static Computed together(List<Job.Part> parts, long allNanos) {
    long compute = parts.stream().mapToLong(Job.Part::computeNanos).sum();
    long queue =
        parts.size() == 1
            ? parts.getFirst().queueNanos()
            : Math.max(parts.getFirst().queueNanos(), allNanos - compute);
    return new Computed(
        Outputs.concatenated(parts.stream().map(Job.Part::outputs).toList()),
        queue,
        compute,
        parts.size(),
        parts.stream().mapToInt(Job.Part::batch).max().orElseThrow());
  }

  /** Computes on the calling thread what is short and would not wait. */
  private boolean computedHere(List<Job> jobs) {
    boolean here =
        jobs.size() == 1
            && jobs.getFirst().lease().batching().brief()
            && queue.beginsAtOnce(jobs.getFirst());
    if (here) {
      runInPlace(jobs, new Scratch());
    }
    return here;
  }

  /** Requests' parts that wait for their run. */
  public int queued() {
    return queue.size();
  }

  private void work() {
    Scratch scratch = new Scratch();
    while (true) {
      List<Job> batch;
      try {
        batch = queue.next();
      } catch (InterruptedException e) {
        ended.countDown(); // the pool is closed
        return;
      }
      runInPlace(batch, scratch);
    }
  }

  /** Runs what has been counted as running, and makes way for the next run. */
  private void runInPlace(List<Job> batch, Scratch scratch) {
    try {
      run(batch, scratch);
    } catch (RuntimeException | Error e) {
      log.error("a run ended with an error", e);
      batch.forEach(job -> job.failed(new IllegalStateException("a run ended with an error", e)));
    } finally {
      queue.ended();
    }
  }

  private void run(List<Job> batch, Scratch scratch) {
    OnnxModel model = batch.getFirst().model();
    int samples = batch.stream().mapToInt(Job::samples).sum();
    Deadline last = batch.getFirst().deadline();
    for (Job job : batch) {
      last = job.deadline().at() - last.at() > 0 ? job.deadline() : last;
    }
    long began = System.nanoTime();
    try (RunWatch.Watched watched = model.watch(last)) {
      queue.join(batch, new BatchRun(batch.size(), watched::stop));
      FloatBuffer images =
          batch.size() == 1 ? batch.getFirst().images() : scratch.joined(batch, samples, model);
      Outputs outputs = model.infer(images, samples, watched, last);
      long nanos = System.nanoTime() - began;
      model.ran(samples, nanos);
      int from = 0;
      for (Job job : batch) {
        int to = from + job.samples();
        job.done(new Job.Part(outputs.rows(from, to), began - job.queuedAt(), nanos, samples));
        from = to;
      }
    } catch (UnusableModelException e) {
      if (batch.size() == 1) {
        batch.getFirst().failed(e);
      } else { // one request's images must not cost the others their answers
        batch.forEach(job -> run(List.of(job), scratch));
      }
    } catch (DeadlineExceededException e) {
      model.pace().cutOff(samples, System.nanoTime() - began);
      batch.forEach(job -> job.failed(e));
    }
  }

  /** One thread's buffer in which several requests' images lie side by side. */
  private static final class Scratch {
    private FloatBuffer buffer = FloatBuffer.allocate(0);

    FloatBuffer joined(List<Job> batch, int samples, OnnxModel model) {
      int floats = samples * model.imageSize();
      if (buffer.capacity() < floats) {
        buffer =
            ByteBuffer.allocateDirect(floats * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
      }
      buffer.clear();
      batch.forEach(job -> buffer.put(job.images()));
      return buffer.flip();
    }
  }

  /** Stops the threads after the run they are at; what waits is dropped. */
  @Override
  public void close() {
    queue
        .close()
        .forEach(
            job -> job.failed(new OverloadedException("the service is stopping; try again later")));
    workers.forEach(Thread::interrupt);
    try {
      if (!ended.await(LONGEST_RUN_SECONDS, TimeUnit.SECONDS)) {
        log.warn("a run did not end within {} s", LONGEST_RUN_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
