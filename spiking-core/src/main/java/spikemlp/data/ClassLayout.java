package spikemlp.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which files of a tree are pictures of which class: {@code [wrapper/][train|test|val/]class/…}.
 *
 * @param labels the classes, sorted by code unit
 * @param files the pictures, sorted by name
 * @param hasTest whether there is a test part
 */
record ClassLayout(List<String> labels, List<LabelledFile> files, boolean hasTest) {

  static final String EXPECTED =
      "<class>/*.jpg|jpeg|png, or the same below train/ and test/ (or val/)";

  private static final String TRAIN = "train";
  private static final List<String> HELD_OUT = List.of("test", "val");
  private static final Set<String> PARTS = Set.of("train", "test", "val");

  static boolean isPicture(String file) {
    String name = file.toLowerCase(Locale.ROOT);
    return name.endsWith(".jpg") || name.endsWith(".jpeg") || name.endsWith(".png");
  }

  /**
   * Reads the layout of a tree that has pictures.
   *
   * @throws UnusableDataSetException if they lie in no folders, a class is empty, or there is only
   *     one
   */
  static ClassLayout of(FileTree tree) {
    List<String> pictures = tree.files().stream().filter(ClassLayout::isPicture).toList();
    return new Reading(tree, wrapper(pictures)).layout(pictures);
  }

  /** The one folder around everything, with its '/', or nothing. */
  private static String wrapper(List<String> pictures) {
    String top = pictures.getFirst().substring(0, pictures.getFirst().indexOf('/') + 1);
    boolean wraps =
        !top.isEmpty()
            && !PARTS.contains(top.substring(0, top.length() - 1))
            && pictures.stream().allMatch(name -> name.startsWith(top) && depth(name) >= 2);
    return wraps ? top : "";
  }

  private static long depth(String name) {
    return name.chars().filter(c -> c == '/').count();
  }

  private record Reading(FileTree tree, String wrapper) {

    ClassLayout layout(List<String> pictures) {
      boolean parts = tree.folders().contains(wrapper + TRAIN);
      List<String> present =
          HELD_OUT.stream().filter(part -> tree.folders().contains(wrapper + part)).toList();
      TreeMap<String, List<String>> train = classes(pictures, parts ? TRAIN + "/" : "");
      TreeMap<String, List<String>> test = new TreeMap<>();
      String heldOut = "";
      if (parts && !present.isEmpty()) {
        heldOut = present.getFirst() + "/";
        test = classes(pictures, heldOut);
      } else if (!parts && PARTS.containsAll(train.keySet())) {
        throw new UnusableDataSetException(
            "%s has %s but no train/; expected is %s"
                .formatted(tree.path(), String.join(" and ", train.keySet()), EXPECTED));
      }
      checkClasses(train, test, heldOut);
      List<String> labels = List.copyOf(train.keySet());
      List<LabelledFile> files = new ArrayList<>();
      for (int label = 0; label < labels.size(); label++) {
        collect(files, train.getOrDefault(labels.get(label), List.of()), label, false);
        collect(files, test.getOrDefault(labels.get(label), List.of()), label, true);
      }
      files.sort(Comparator.comparing(LabelledFile::name));
      return new ClassLayout(labels, files, !test.isEmpty());
    }

    /** Class to its pictures, for each folder directly below the part, empty ones too. */
    private TreeMap<String, List<String>> classes(List<String> pictures, String part) {
      String prefix = wrapper + part;
      TreeMap<String, List<String>> classes = new TreeMap<>();
      for (String folder : tree.folders()) {
        if (folder.startsWith(prefix) && folder.indexOf('/', prefix.length()) < 0) {
          classes.put(folder.substring(prefix.length()), new ArrayList<>());
        }
      }
      for (String picture : pictures) {
        int slash = picture.indexOf('/', prefix.length());
        if (picture.startsWith(prefix) && slash > 0) {
          classes
              .computeIfAbsent(
                  picture.substring(prefix.length(), slash), label -> new ArrayList<>())
              .add(picture);
        }
      }
      return classes;
    }

    private void checkClasses(
        TreeMap<String, List<String>> train, TreeMap<String, List<String>> test, String heldOut) {
      String trainPart = heldOut.isEmpty() ? "" : TRAIN + "/";
      refuseEmpty(train, trainPart);
      refuseEmpty(test, heldOut);
      if (train.isEmpty()) {
        throw new UnusableDataSetException(
            "%s has pictures but no class folders; expected is %s"
                .formatted(tree.path(), EXPECTED));
      }
      if (train.size() == 1) {
        throw new UnusableDataSetException(
            "%s has only one class, '%s'; a classifier needs two or more: %s"
                .formatted(tree.path(), train.firstKey(), EXPECTED));
      }
      TreeSet<String> unknown = new TreeSet<>(test.keySet());
      unknown.removeAll(train.keySet());
      if (!unknown.isEmpty()) {
        throw new UnusableDataSetException(
            "%s: %s has the class '%s', which train/ has not; both need the same class folders"
                .formatted(tree.path(), heldOut, unknown.first()));
      }
    }

    private void refuseEmpty(TreeMap<String, List<String>> classes, String part) {
      classes.forEach((label, pictures) -> {
        if (pictures.isEmpty()) {
          throw new UnusableDataSetException(
              "%s: the class '%s' is empty: its folder %s%s%s has no *.jpg, *.jpeg or *.png%s; add pictures or remove the folder"
                  .formatted(
                      tree.path(),
                      label,
                      wrapper,
                      part,
                      label,
                      others(wrapper + part + label + "/")));
        }
      });
    }

    /** What lies in a folder instead of pictures, in brackets. */
    private String others(String folder) {
      TreeSet<String> endings = new TreeSet<>();
      for (String file : tree.files()) {
        if (file.startsWith(folder)) {
          endings.add("*" + file.substring(Math.max(file.lastIndexOf('.'), file.lastIndexOf('/'))));
        }
      }
      return endings.isEmpty() ? "" : " (only " + String.join(", ", endings) + ")";
    }

    private void collect(List<LabelledFile> to, List<String> pictures, int label, boolean test) {
      for (String picture : pictures) {
        to.add(new LabelledFile(picture, picture.substring(wrapper.length()), label, test));
      }
    }
  }
}
