package spikemlp.data;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import spikemlp.contract.image.ImagePreparation;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.image.Picture;
import spikemlp.contract.job.Augmentation;

/** Digits drawn by code; picture i shows the digit i mod 10. */
record DrawnDigits(int trainImages, int testImages, long seed) implements DataSource {

  private static final int TRAIN_STREAM = 1;
  private static final int TEST_STREAM = 2;

  DrawnDigits {
    atLeastTen("trainImages", trainImages);
    atLeastTen("testImages", testImages);
  }

  private static void atLeastTen(String what, int count) {
    if (count < 10 || count > 10_000_000) {
      throw new IllegalArgumentException(
          what + " must be from 10, one of each digit, to 10,000,000, not " + count);
    }
  }

  @Override
  public String name() {
    return "digits";
  }

  @Override
  public List<String> labels() {
    return List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
  }

  @Override
  public int height() {
    return DigitPainter.SIDE;
  }

  @Override
  public int width() {
    return DigitPainter.SIDE;
  }

  /** A crop alone: a mirrored digit is another sign. */
  @Override
  public Augmentation usualAugmentation() {
    return new Augmentation(2, false);
  }

  @Override
  public DataSplit load(
      int height, int width, InputSpec.Fit fit, long splitSeed, StopRequest stop) {
    ImagePreparation preparation = new ImagePreparation(InputSpec.unnormalised(height, width, fit));
    ImageDataSet train = draw(trainImages, TRAIN_STREAM, preparation, stop);
    ImageDataSet test = draw(testImages, TEST_STREAM, preparation, stop);
    MessageDigest digest = ContentHash.sha256();
    addTo(digest, train);
    addTo(digest, test);
    return new DataSplit(train, test, HexFormat.of().formatHex(digest.digest()), List.of());
  }

  private ImageDataSet draw(int count, int stream, ImagePreparation preparation, StopRequest stop) {
    int[] slots = IntStream.range(0, count).toArray();
    int[] classes = IntStream.range(0, count).map(i -> i % 10).toArray();
    try (PixelStore.Writer writer = PixelStore.writer(count, preparation.length())) {
      IntStream.range(0, count)
          .parallel()
          .forEach(i -> {
            stop.check();
            writer.put(i, preparation.pixels(picture(stream, i)));
          });
      InputSpec spec = preparation.spec();
      return new ImageDataSet(
          writer.finish(), spec.height(), spec.width(), labels(), slots, classes);
    }
  }

  private Picture picture(int stream, int index) {
    byte[] rgb = new byte[3 * DigitPainter.SIDE * DigitPainter.SIDE];
    new DigitPainter(DrawingAmounts.MODERATE)
        .paint(index % 10, SplitMix.of(seed, stream, index), rgb);
    return new Picture(DigitPainter.SIDE, DigitPainter.SIDE, rgb);
  }

  private static void addTo(MessageDigest digest, ImageDataSet images) {
    byte[] rgb = new byte[3 * images.height() * images.width()];
    for (int i = 0; i < images.size(); i++) {
      images.pixels(i, rgb, 0);
      digest.update((byte) images.label(i));
      digest.update(rgb);
    }
  }
}
