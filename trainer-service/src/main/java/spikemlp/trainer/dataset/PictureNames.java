package spikemlp.trainer.dataset;

import java.util.Locale;
import java.util.Set;

/** Which entries of an archive are pictures by their names. */
final class PictureNames {

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
}
