package spikemlp.benchmark.train;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import spikemlp.checkpoint.LongTensor;
import spikemlp.checkpoint.Safetensors;
import spikemlp.checkpoint.SafetensorsFile;
import spikemlp.checkpoint.WeightTensor;
import spikemlp.contract.network.NetworkConfig;

/**
 * One batch. The arrays are held, not copied; nobody writes to them.
 *
 * @param images {@code [B, 3, H, W]}, normalised
 * @param labels {@code [B]}
 */
public record Batch(float[] images, int[] labels) {

  private static final String IMAGES = "images";
  private static final String LABELS = "labels";

  public int size() {
    return labels.length;
  }

  /** Normally distributed images and random labels: what is timed does not depend on pictures. */
  static Batch random(NetworkConfig network, int size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int image = NetworkConfig.IMAGE_CHANNELS * network.imageHeight() * network.imageWidth();
    float[] images = new float[size * image];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian();
    }
    int[] labels = new int[size];
    for (int b = 0; b < size; b++) {
      labels[b] = random.nextInt(network.classes());
    }
    return new Batch(images, labels);
  }

  void write(Path file, NetworkConfig network) {
    int[] shape = {
      size(), NetworkConfig.IMAGE_CHANNELS, network.imageHeight(), network.imageWidth()
    };
    Safetensors.write(
        file,
        Map.of(),
        Map.of(
            IMAGES,
            new WeightTensor(shape, images),
            LABELS,
            new LongTensor(new int[] {size()}, Arrays.stream(labels).asLongStream().toArray())));
  }

  /** The batch that {@link Request.Load#batch()} names. */
  public static Batch read(Path path) {
    SafetensorsFile file = Safetensors.read(path);
    int[] labels = Arrays.stream(file.longs(LABELS).values()).mapToInt(Math::toIntExact).toArray();
    return new Batch(file.floats(IMAGES).values(), labels);
  }
}
