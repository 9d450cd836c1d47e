package spikemlp.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import spikemlp.contract.image.ImagePreparation;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.image.UnreadableImageException;

/** Reads, checks and prepares the pictures of class folders, on all cores. Used once. */
final class PictureLoader {

  /** Unreadable pictures that are skipped: one in a hundred, at least 1, at most 100. */
  private static final int MOST_SKIPPED = 100;

  private static final int NAMED_IN_ERROR = 5;

  private final FileTree tree;
  private final ClassFolders source;
  private final List<LabelledFile> files;
  private final int height;
  private final int width;
  private final StopRequest stop;
  private final ImagePreparation preparation;
  private final byte[][] hashes;
  private final Map<Integer, String> reasons = new ConcurrentHashMap<>();
  private final int mostSkipped;

  PictureLoader(
      FileTree tree,
      ClassFolders source,
      int height,
      int width,
      InputSpec.Fit fit,
      StopRequest stop) {
    this.tree = tree;
    this.source = source;
    this.files = source.files();
    this.height = height;
    this.width = width;
    this.stop = stop;
    this.preparation = new ImagePreparation(InputSpec.unnormalised(height, width, fit));
    this.hashes = new byte[files.size()][];
    this.mostSkipped = Math.clamp(files.size() / 100, 1, MOST_SKIPPED);
  }

  DataSplit load(long seed) {
    try (PixelStore.Writer writer = PixelStore.writer(files.size(), preparation.length())) {
      IntStream.range(0, files.size()).parallel().forEach(i -> read(i, writer));
      List<SkippedPicture> skipped = skipped();
      if (skipped.size() > mostSkipped) {
        throw new UnusableDataSetException(
            "%s: more than %d of %d pictures cannot be read, for example %s; mend or remove them"
                .formatted(
                    tree.path(),
                    mostSkipped,
                    files.size(),
                    skipped.stream()
                        .limit(NAMED_IN_ERROR)
                        .map(SkippedPicture::toString)
                        .collect(Collectors.joining("; "))));
      }
      return split(writer.finish(), skipped, seed);
    }
  }

  private void read(int i, PixelStore.Writer writer) {
    if (reasons.size() > mostSkipped) {
      return;
    }
    stop.check();
    try {
      byte[] encoded = tree.read(files.get(i).file());
      hashes[i] = ContentHash.of(encoded);
      writer.put(i, preparation.pixels(encoded));
    } catch (UnreadableImageException | IOException e) {
      reasons.put(i, e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  private List<SkippedPicture> skipped() {
    List<SkippedPicture> skipped = new ArrayList<>();
    new TreeMap<>(reasons)
        .forEach((i, reason) -> skipped.add(new SkippedPicture(files.get(i).file(), reason)));
    return skipped;
  }

  private DataSplit split(PixelStore store, List<SkippedPicture> skipped, long seed) {
    List<Integer> train = new ArrayList<>();
    List<Integer> test = new ArrayList<>();
    ContentHash hash = new ContentHash();
    for (int i = 0; i < files.size(); i++) {
      LabelledFile file = files.get(i);
      hash.add(file.name(), file.label(), hashes[i] == null ? new byte[0] : hashes[i]);
      if (!reasons.containsKey(i)) {
        (file.test() ? test : train).add(i);
      }
    }
    if (!source.hasTest()) {
      Split split = Split.stratified(classes(train), source.labels().size(), seed);
      List<Integer> readable = train;
      test = split.test().stream().map(readable::get).toList();
      train = split.train().stream().map(readable::get).toList();
    }
    requireEachClass(train);
    if (test.isEmpty()) {
      throw new UnusableDataSetException(
          "%s has too few pictures to hold some out: give every class two or more, or add a test/"
              .formatted(tree.path()));
    }
    return new DataSplit(images(store, train), images(store, test), hash.hex(), skipped);
  }

  private void requireEachClass(List<Integer> train) {
    boolean[] present = new boolean[source.labels().size()];
    for (int i : train) {
      present[files.get(i).label()] = true;
    }
    for (int label = 0; label < present.length; label++) {
      if (!present[label]) {
        throw new UnusableDataSetException(
            "%s: no picture of the class '%s' can be read"
                .formatted(tree.path(), source.labels().get(label)));
      }
    }
  }

  private int[] classes(List<Integer> indices) {
    return indices.stream().mapToInt(i -> files.get(i).label()).toArray();
  }

  private ImageDataSet images(PixelStore store, List<Integer> indices) {
    int[] slots = indices.stream().mapToInt(Integer::intValue).toArray();
    return new ImageDataSet(store, height, width, source.labels(), slots, classes(indices));
  }
}
