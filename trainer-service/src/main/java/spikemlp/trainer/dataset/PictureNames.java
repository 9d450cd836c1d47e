package spikemlp.trainer.dataset;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Which entries of an archive are pictures, and of which class, by their names. */
final class PictureNames {

  private static final Set<String> PARTS = Set.of("train", "test", "val");
  private static final Set<String> OTHERS = Set.of("__macosx", "thumbs.db", "desktop.ini");

  private PictureNames() {}

  /** Whether an entry ends as JPEG and PNG files do and lies in no hidden folder. */
  static boolean isPicture(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return (lower.endsWith(".jpg") || lower.endsWith(".jpeg") || lower.endsWith(".png"))
        && !isHidden(name);
  }

  /** Whether a program put the entry there and not the people who own the pictures. */
  static boolean isHidden(String name) {
    for (String part : name.split("/")) {
      if (part.startsWith(".") || OTHERS.contains(part.toLowerCase(Locale.ROOT))) {
        return true;
      }
    }
    return false;
  }

  /**
   * The pictures of every class, sorted by name: {@code [wrapper/][train|test|val/]class/…}, of
   * {@code val} only where there is no {@code test}.
   *
   * @param names entries' names
   * @param labels the classes that there are
   */
  static SortedMap<String, List<String>> byClass(Collection<String> names, Set<String> labels) {
    List<String> pictures = names.stream().filter(PictureNames::isPicture).sorted().toList();
    TreeMap<String, List<String>> classes = new TreeMap<>();
    if (pictures.isEmpty()) {
      return classes;
    }
    String wrapper = wrapper(pictures);
    boolean parts = pictures.stream().anyMatch(name -> name.startsWith(wrapper + "train/"));
    boolean test = pictures.stream().anyMatch(name -> name.startsWith(wrapper + "test/"));
    for (String picture : pictures) {
      List<String> folders = List.of(picture.substring(wrapper.length()).split("/"));
      int at = parts && PARTS.contains(folders.getFirst()) ? 1 : 0;
      boolean used = !parts || (at == 1 && !(test && folders.getFirst().equals("val")));
      if (used && at < folders.size() - 1 && labels.contains(folders.get(at))) {
        classes.computeIfAbsent(folders.get(at), label -> new ArrayList<>()).add(picture);
      }
    }
    return classes;
  }

  /** The one folder around everything, with its '/', or nothing. */
  static String wrapper(List<String> pictures) {
    String top = pictures.getFirst().substring(0, pictures.getFirst().indexOf('/') + 1);
    boolean wraps =
        !top.isEmpty()
            && !PARTS.contains(top.substring(0, top.length() - 1))
            && pictures.stream()
                .allMatch(name -> name.startsWith(top) && name.indexOf('/', top.length()) > 0);
    return wraps ? top : "";
  }
}
