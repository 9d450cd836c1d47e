package spikemlp.data;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import spikemlp.contract.image.ImagePreparation;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.image.Picture;

/** Gathers pictures that come decoded, one after the other, into a data set. Used once. */
final class RawPictures implements AutoCloseable {

  private final ImagePreparation preparation;
  private final PixelStore.Writer writer;
  private final int[] classes;
  private int count;

  /** Room for {@code most} pictures, prepared to height×width. */
  RawPictures(int most, int height, int width, InputSpec.Fit fit) {
    preparation = new ImagePreparation(InputSpec.unnormalised(height, width, fit));
    writer = PixelStore.writer(most, preparation.length());
    classes = new int[most];
  }

  void add(Picture picture, int label) {
    writer.put(count, preparation.pixels(picture));
    classes[count++] = label;
  }

  int count() {
    return count;
  }

  /**
   * The first {@code train} pictures to learn from and the others held out; if there are no others,
   * a tenth of each class is.
   */
  DataSplit split(int train, List<String> labels, ContentHash hash, long seed) {
    PixelStore store = writer.finish();
    if (train < count) {
      int[] all = IntStream.range(0, count).toArray();
      return new DataSplit(
          images(store, labels, Arrays.copyOf(all, train)),
          images(store, labels, Arrays.copyOfRange(all, train, count)),
          hash.hex(),
          List.of());
    }
    Split split = Split.stratified(Arrays.copyOf(classes, count), labels.size(), seed);
    return new DataSplit(
        images(store, labels, split.train().stream().mapToInt(Integer::intValue).toArray()),
        images(store, labels, split.test().stream().mapToInt(Integer::intValue).toArray()),
        hash.hex(),
        List.of());
  }

  private ImageDataSet images(PixelStore store, List<String> labels, int[] slots) {
    InputSpec spec = preparation.spec();
    int[] own = Arrays.stream(slots).map(slot -> classes[slot]).toArray();
    return new ImageDataSet(store, spec.height(), spec.width(), labels, slots, own);
  }

  @Override
  public void close() {
    writer.close();
  }
}
