package spikemlp.data;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.image.Picture;

/**
 * Labelled pictures of one size, prepared. Immutable and thread-safe.
 *
 * <p>The pixels lie outside the heap or, past a bound, in a temporary file that is mapped; they are
 * freed when the last set that shows them is no longer reachable.
 */
public final class ImageDataSet {

  private final PixelStore store;
  private final int height;
  private final int width;
  private final List<String> labels;
  private final int[] slots;
  private final int[] classes;

  /**
   * The pictures in {@code slots} of the store, in that order.
   *
   * @param classes each picture's class; both arrays are handed over
   */
  ImageDataSet(
      PixelStore store, int height, int width, List<String> labels, int[] slots, int[] classes) {
    this.store = store;
    this.height = height;
    this.width = width;
    this.labels = List.copyOf(labels);
    this.slots = slots;
    this.classes = classes;
    if (slots.length != classes.length) {
      throw new IllegalArgumentException(
          slots.length + " pictures have " + classes.length + " labels");
    }
    for (int label : classes) {
      if (label < 0 || label >= labels.size()) {
        throw new IllegalArgumentException(
            "label " + label + " is not below the number of classes, " + labels.size());
      }
    }
  }

  /**
   * A set of pictures that the caller has already.
   *
   * @param labels the classes' names
   * @param classes {@code [N]}, each picture's class
   * @param rgb {@code [N, height, width, 3]} bytes; copied
   */
  public static ImageDataSet of(
      int height, int width, List<String> labels, int[] classes, byte[] rgb) {
    int length = 3 * height * width;
    if (rgb.length != (long) length * classes.length) {
      throw new IllegalArgumentException(
          "%d pictures of %d×%d have %d bytes, not %d"
              .formatted(
                  classes.length, height, width, (long) length * classes.length, rgb.length));
    }
    PixelStore.Writer writer = PixelStore.writer(classes.length, length);
    int[] slots = new int[classes.length];
    byte[] picture = new byte[length];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = i;
      System.arraycopy(rgb, i * length, picture, 0, length);
      writer.put(i, picture);
    }
    return new ImageDataSet(writer.finish(), height, width, labels, slots, classes.clone());
  }

  /** The number of pictures. */
  public int size() {
    return slots.length;
  }

  public int height() {
    return height;
  }

  public int width() {
    return width;
  }

  /** The classes' names, index = class. */
  public List<String> labels() {
    return labels;
  }

  /** The class of picture {@code i}. */
  public int label(int i) {
    return classes[i];
  }

  /**
   * Copies picture {@code i}, {@code [height, width, 3]}, to {@code rgb} from {@code offset} on.
   */
  public void pixels(int i, byte[] rgb, int offset) {
    store.get(slots[i], rgb, offset);
  }

  /** Picture {@code i} as a PNG, whose pixels a decoder gives back exactly. */
  public byte[] png(int i) {
    byte[] rgb = new byte[3 * height * width];
    pixels(i, rgb, 0);
    return new Picture(height, width, rgb).toPng();
  }

  /**
   * {@code count} pictures of which every class has its share, class by class, or all as they are
   * if there are fewer. The pixels are shared.
   */
  public ImageDataSet spread(int count) {
    int size = Math.max(count, 0);
    if (size >= slots.length) {
      return this;
    }
    int[] byClass =
        IntStream.range(0, slots.length)
            .boxed()
            .sorted(Comparator.comparingInt(i -> classes[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    int[] chosenSlots = new int[size];
    int[] chosenClasses = new int[size];
    for (int i = 0; i < size; i++) {
      int from = byClass[(int) ((long) i * slots.length / size)];
      chosenSlots[i] = slots[from];
      chosenClasses[i] = classes[from];
    }
    return new ImageDataSet(store, height, width, labels, chosenSlots, chosenClasses);
  }

  /** Mean and standard deviation of each channel over all these pictures. */
  public ChannelStatistics channelStatistics() {
    return ChannelStatistics.of(this);
  }

  /** How further pictures become inputs like these: this size, this mean and deviation. */
  public InputSpec inputSpec(InputSpec.Fit fit) {
    ChannelStatistics statistics = channelStatistics();
    return new InputSpec(height, width, fit, statistics.mean(), statistics.std());
  }

  /** Frees the memory of all pictures of the store. */
  void close() {
    store.close();
  }
}
