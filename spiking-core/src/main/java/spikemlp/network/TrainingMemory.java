package spikemlp.network;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import spikemlp.contract.job.Optimisation;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.StageShape;

/**
 * The memory that training a network in single precision takes, known before any of it is taken:
 * parameters with gradients, moments and folded copy, their moving average with its own, a pass's
 * work buffers for each batch size, and two prepared batches of images. What the data set itself
 * and the process take comes on top.
 *
 * <p>By batch B, steps T, tokens N, channels C and hidden channels αC a mixer keeps its five
 * products y in 4 bytes a number, its spikes in one bit, and its product weights once for forward
 * and once for each of the batch's slices; a stage keeps gradients of the size of its largest
 * states.
 *
 * @param nativeBytes outside the Java heap
 * @param heapBytes in the Java heap
 */
public record TrainingMemory(long nativeBytes, long heapBytes) {

  /** The share that a training may take: the process, its data and the system need the rest. */
  private static final double SHARE = 0.9;

  private static final String ADVICE =
      "; lower the batch size, timeSteps, the image's size, embeddingDim or depths";

  /** Of a training by {@link Optimisation#SIMPLE}. */
  public static TrainingMemory of(NetworkConfig config, List<Integer> batchSizes) {
    return of(config, Optimisation.SIMPLE, batchSizes);
  }

  /**
   * By configuration, optimisation and the batch sizes that are trained on, each with buffers of
   * its own.
   */
  public static TrainingMemory of(
      NetworkConfig config, Optimisation optimisation, List<Integer> batchSizes) {
    double nativeBytes = 0;
    double heapBytes = 0;
    double statistics = 0;
    for (int batch : batchSizes) {
      Pass pass = new Pass(config, batch);
      nativeBytes += Float.BYTES * pass.floats;
      heapBytes += pass.heapBytes;
      statistics = 2 * pass.features;
    }
    double parameters = SpikingMlp.parameterCount(config);
    int networks = optimisation.emaDecay() > 0 ? 2 : 1; // each with a folded copy
    int moments =
        switch (optimisation.optimizer()) {
          case SGD -> 1;
          case ADAMW -> 2;
        };
    nativeBytes +=
        Float.BYTES * ((2 * networks + 1 + moments) * parameters + 2 * networks * statistics);
    return new TrainingMemory((long) nativeBytes, (long) heapBytes);
  }

  /** Both together; the largest number there is where they are beyond it. */
  public long bytes() {
    long sum = nativeBytes + heapBytes;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  /** The machine's memory, or the container's where it has less. */
  public static long machineBytes() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }

  /**
   * Refuses what this process cannot hold.
   *
   * @throws IllegalArgumentException with estimate, limit and what to lower
   */
  public void requireFits() {
    problem((long) (SHARE * machineBytes()), (long) (SHARE * Runtime.getRuntime().maxMemory()))
        .ifPresent(problem -> {
          throw new IllegalArgumentException(problem);
        });
  }

  /**
   * What is wrong with training in that much memory, if anything is.
   *
   * @param limit bytes for all of it
   * @param heapLimit bytes for the part in the Java heap
   */
  public Optional<String> problem(long limit, long heapLimit) {
    if (bytes() > limit) {
      return Optional.of(
          "training would need about %s of memory, at most %s may be used here"
                  .formatted(gigabytes(bytes()), gigabytes(limit))
              + ADVICE);
    }
    if (heapBytes > heapLimit) {
      return Optional.of(
          "training would need about %s of Java heap, at most %s may be used here"
                  .formatted(gigabytes(heapBytes), gigabytes(heapLimit))
              + ADVICE
              + ", or give Java a larger heap with -Xmx");
    }
    return Optional.empty();
  }

  private static String gigabytes(long bytes) {
    return "%.1f GB".formatted(bytes / 1e9);
  }

  /** What {@link Layers} keeps for batches of one size, in doubles, which nothing overflows. */
  private static final class Pass {

    private static final int MOST_SLICES = 8;

    /** Windows whose gradients a slice holds at a time. */
    private static final double WINDOWS = 64;

    /** Outputs of a product are filled up to whole vectors. */
    private static final int VECTOR = 8;

    /** Inputs of a dense product of gradients are filled up to whole tiles. */
    private static final int TILE = 2 * VECTOR;

    private final NetworkConfig config;
    private final double batch;
    private final double slices;
    private double floats;
    private double heapBytes;
    private double features;

    /** Numbers of a gradient that stages share. */
    private double sharedGradients;

    Pass(NetworkConfig config, int batch) {
      this.config = config;
      this.batch = batch;
      this.slices = Math.min(MOST_SLICES, batch);
      List<StageShape> stages = config.stages();
      double image =
          (double) NetworkConfig.IMAGE_CHANNELS * config.imageHeight() * config.imageWidth();
      floats += 2 * batch * image; // images and their windows
      heapBytes += 2 * Float.BYTES * batch * image; // the batch at work and the next
      for (int i = 0; i < stages.size(); i++) {
        StageShape stage = stages.get(i);
        if (i == 0) {
          imagePatches(stage);
        } else {
          switch (config.patchEncoding()) {
            case SPE -> spikingPatchEncoding(stages.get(i - 1), stage);
            case PARTITION -> patchPartition(stages.get(i - 1), stage);
          }
        }
        spikes(rows(stage), 1, stage.channels()); // lif_patch
        gradients(stage);
        for (int j = 0; j < stage.depth(); j++) {
          mixer(stage);
        }
      }
      head(stages.getLast());
    }

    /** B·T·N. */
    private double rows(StageShape stage) {
      return batch * config.timeSteps() * stage.height() * stage.width();
    }

    private void imagePatches(StageShape stage) {
      int p = config.patchSize();
      double weights = (double) NetworkConfig.IMAGE_CHANNELS * p * p * stage.channels();
      double once = batch * stage.height() * stage.width() * stage.channels();
      floats += 3 * once + slices * weights; // y, h, δy
      heapBytes += Double.BYTES * weights;
      norm(stage.channels());
    }

    private void patchPartition(StageShape from, StageShape to) {
      floats += 3 * rows(to) * to.channels(); // y, h, δy
      convolution(rows(to), from.channels(), 2, to.channels());
      norm(to.channels());
    }

    private void spikingPatchEncoding(StageShape from, StageShape to) {
      int n = to.channels() / 3;
      floats += 3 * rows(to) * to.channels(); // h, and the input nodes' y and δy
      floats += 12 * rows(to) * n; // a, b, d, b₀, d₀, two nodes' y and δy, δa, δb, δs
      convolution(rows(to), from.channels(), 3, to.channels());
      norm(to.channels());
      for (int node = 0; node < 2; node++) {
        convolution(rows(to), n, 3, n);
        norm(n);
        spikes(rows(to), 1, n);
      }
    }

    private void convolution(double rows, int channels, int k, int outputs) {
      spikes(rows, k * k, channels);
      floats += slices * WINDOWS * k * k * channels; // δ of the windows at work
      product(k * k, channels, outputs);
      inputGradient(k * k * channels, outputs);
    }

    private void gradients(StageShape stage) {
      double size = rows(stage) * stage.channels();
      floats += 2 * size; // of the spikes and of h
      if (size > sharedGradients) {
        int states =
            3
                + config.expansionRatio()
                + (config.skips().tc() ? 1 : 0)
                + (config.skips().ct() ? 1 : 0);
        floats += states * size;
        sharedGradients = size;
      }
    }

    private void mixer(StageShape stage) {
      int c = stage.channels();
      int hidden = config.expansionRatio() * c;
      floats += (4 + config.expansionRatio()) * rows(stage) * c;
      axis(stage.height());
      axis(stage.width());
      for (int layer = 0; layer < 4; layer++) {
        spikes(rows(stage), 1, c);
      }
      spikes(rows(stage), 1, hidden);
      product(3, c, c);
      for (int input = 0; input < 3; input++) {
        inputGradient(c, c);
      }
      product(1, c, hidden);
      product(1, hidden, c);
      inputGradient(c, hidden);
      inputGradient(hidden, c);
      norm(c);
      norm(hidden);
      norm(c);
    }

    private void head(StageShape stage) {
      int c = stage.channels();
      double classes = config.classes();
      floats += 2 * rows(stage) * c; // y, δy
      floats += batch * config.timeSteps() * (c + classes);
      floats += slices * c * classes;
      axis((double) stage.height() * stage.width());
      spikes(rows(stage), 1, c);
    }

    private void axis(double side) {
      floats += slices * side * side;
      norm(side);
    }

    /** Packed, slots beginning at whole words. */
    private void spikes(double rows, int slots, int width) {
      heapBytes += Long.BYTES * rows * slots * words(width);
    }

    /** Weights of whole words' inputs, once for forward and once for each slice's gradient. */
    private void product(int slots, int width, int outputs) {
      double inputs = (double) slots * words(width) * Long.SIZE;
      heapBytes += Float.BYTES * (1 + slices) * inputs * Math.ceilDiv(outputs, VECTOR) * VECTOR;
    }

    /** Weights of whole tiles' inputs. */
    private void inputGradient(int inputs, int outputs) {
      heapBytes += (double) Float.BYTES * outputs * Math.ceilDiv(inputs, TILE) * TILE;
    }

    private static int words(int width) {
      return Math.ceilDiv(width, Long.SIZE);
    }

    /** Two sums by sample and feature. */
    private void norm(double count) {
      features += count;
      heapBytes += 2 * Double.BYTES * batch * count;
    }
  }
}
