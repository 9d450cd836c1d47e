package spikemlp.inference.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Computes, as many runs at once as there are cores and in the order of arrival. Where batching
 * pays, a run takes what else waits for the same version, and waits a moment for what is on its
 * way; a request with more samples than a run takes is split, and its parts may run side by side.
 * More runs than cores only make each other slower: measured, 2 threads × 2 callers on 2 cores
 * answer a quarter of what 1 × 2 do.
 *
 * <p>A small network's request that finds a core idle and nobody else about is computed on the
 * thread that asks: to wake another and to be woken costs more than the rest of the request.
 *
 * <p>Thread-safe; {@code lock} guards the queue. How many may wait is bounded where a version's
 * lease is given ({@link LoadedModels}).
 */
public final class ComputePool implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ComputePool.class);
  private static final int LONGEST_RUN_SECONDS = 30;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Job> waiting = new ArrayDeque<>();
  private final List<Thread> workers;
  private final CountDownLatch ended;
  private boolean closed;
  private int running;

  /**
   * A pool whose threads run until it is closed.
   *
   * @param threads runs at once, at least 1
   */
  public ComputePool(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("at least 1 thread computes, not " + threads);
    }
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
      LoadedModels.Lease lease, FloatBuffer images, int samples, Deadline deadline, Caller caller) {
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
      queue(jobs);
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
      jobs.subList(finished, jobs.size()).forEach(this::abandon);
    }
  }

  private static List<Job> split(
      LoadedModels.Lease lease, FloatBuffer images, int samples, Deadline deadline) {
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

  private static boolean mayHaveCompanions(LoadedModels.Lease lease) {
    return lease.batching().maxBatch() > 1 && lease.arriving() > 0;
  }

  /** Computes on the calling thread what is short and would not wait. */
  private boolean computedHere(List<Job> jobs) {
    if (jobs.size() != 1 || !jobs.getFirst().lease().batching().brief()) {
      return false;
    }
    lock.lock();
    try {
      boolean idle = running < workers.size() && waiting.isEmpty();
      if (closed || !idle || mayHaveCompanions(jobs.getFirst().lease())) {
        return false;
      }
      running++;
    } finally {
      lock.unlock();
    }
    runInPlace(jobs, new Scratch());
    return true;
  }

  private void queue(List<Job> jobs) {
    lock.lock();
    try {
      if (closed) {
        jobs.forEach(Job::dropped);
        throw new IllegalStateException("the engine is closed");
      }
      waiting.addAll(jobs);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void abandon(Job job) {
    lock.lock();
    try {
      if (waiting.remove(job)) {
        job.dropped();
      } else if (job.run() != BatchRun.NONE) {
        job.run().leave();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Requests' parts that wait for their run. */
  public int queued() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    Scratch scratch = new Scratch();
    while (true) {
      List<Job> batch;
      try {
        batch = next();
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
      lock.lock();
      try {
        running--;
        if (!waiting.isEmpty()) {
          changed.signalAll();
        }
      } finally {
        lock.unlock();
      }
    }
  }

  private List<Job> next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty() || running >= workers.size()) {
        changed.await();
      }
      running++;
      Job first = waiting.remove();
      List<Job> batch = new ArrayList<>(List.of(first));
      int room = first.lease().batching().maxBatch() - first.samples();
      room = take(first.model(), room, batch);
      long until = first.queuedAt() + first.lease().batching().maxDelay().toNanos();
      for (long left = until - System.nanoTime();
          room > 0 && left > 0 && mayHaveCompanions(first.lease()) && waiting.isEmpty();
          left = until - System.nanoTime()) {
        changed.await(left, TimeUnit.NANOSECONDS);
        room = take(first.model(), room, batch);
      }
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /** Moves what waits for the model into the batch, as far as there is room. */
  private int take(OnnxModel model, int room, List<Job> batch) {
    int left = room;
    for (Iterator<Job> jobs = waiting.iterator(); left > 0 && jobs.hasNext(); ) {
      Job job = jobs.next();
      if (job.model() == model && job.samples() <= left) {
        jobs.remove();
        batch.add(job);
        left -= job.samples();
      }
    }
    return left;
  }

  private void run(List<Job> batch, Scratch scratch) {
    OnnxModel model = batch.getFirst().model();
    int samples = batch.stream().mapToInt(Job::samples).sum();
    Deadline last = batch.getFirst().deadline();
    for (Job job : batch) {
      last = job.deadline().at() - last.at() > 0 ? job.deadline() : last;
    }
    try (RunWatch.Watched watched = model.watch(last)) {
      begin(batch, new BatchRun(batch.size(), watched::stop));
      FloatBuffer images =
          batch.size() == 1 ? batch.getFirst().images() : scratch.joined(batch, samples, model);
      long began = System.nanoTime();
      Outputs outputs = model.infer(images, samples, watched, last);
      long nanos = System.nanoTime() - began;
      model.runs().add(samples, nanos);
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
      batch.forEach(job -> job.failed(e));
    }
  }

  private void begin(List<Job> batch, BatchRun run) {
    lock.lock();
    try {
      batch.forEach(job -> job.joins(run));
    } finally {
      lock.unlock();
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
    lock.lock();
    try {
      closed = true;
      waiting.forEach(
          job -> job.failed(new OverloadedException("the service is stopping; try again later")));
      waiting.clear();
    } finally {
      lock.unlock();
    }
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
