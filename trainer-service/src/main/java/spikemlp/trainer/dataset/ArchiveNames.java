package spikemlp.trainer.dataset;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import spikemlp.problem.ProblemException;

/**
 * Checks the names of an archive's entries. Nothing is written under them, but whoever unpacks the
 * same archive elsewhere, and whoever reads its classes here, must see the same files: names are
 * plain paths, and no two are one on a file system that does not tell upper from lower case.
 */
final class ArchiveNames {

  private static final int LONGEST = 1_000;
  private static final int DEEPEST = 16;
  private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:");

  private ArchiveNames() {}

  static boolean isControl(int c) {
    return Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
  }

  /**
   * Checks all names.
   *
   * @throws ProblemException naming the first that is wrong
   */
  static void check(List<ZipMember> members) {
    Map<String, String> spellings = new HashMap<>();
    Set<String> listed = new HashSet<>();
    Set<String> parents = new HashSet<>();
    for (ZipMember member : members) {
      String path = plainPath(member.name());
      for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
        String parent = path.substring(0, slash);
        if (parents.add(parent)) {
          requireOneSpelling(spellings, parent);
        }
      }
      requireOneSpelling(spellings, path);
      if (!listed.add(path)) {
        throw duplicate(member.name(), member.name());
      }
    }
    for (ZipMember member : members) {
      if (!member.folder() && parents.contains(member.name())) {
        throw duplicate(member.name(), member.name() + "/");
      }
    }
  }

  private static void requireOneSpelling(Map<String, String> spellings, String path) {
    String key = Normalizer.normalize(path, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    String other = spellings.putIfAbsent(key, path);
    if (other != null && !other.equals(path)) {
      throw duplicate(other, path);
    }
  }

  /** The name without a folder's '/' at its end. */
  private static String plainPath(String name) {
    String path = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    if (path.codePoints().anyMatch(ArchiveNames::isControl)) {
      throw unsafe(name, "has control characters");
    }
    if (path.length() > LONGEST) {
      throw unsafe(name, "has " + path.length() + " characters, " + LONGEST + " are most");
    }
    if (path.startsWith("/") || DRIVE.matcher(path).lookingAt()) {
      throw unsafe(name, "is absolute");
    }
    if (path.indexOf('\\') >= 0) {
      throw unsafe(name, "has a backslash");
    }
    String[] parts = path.split("/", -1);
    if (parts.length > DEEPEST) {
      throw unsafe(name, "lies " + parts.length + " folders deep, " + DEEPEST + " are most");
    }
    for (String part : parts) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        throw unsafe(name, "has a part '" + part + "'");
      }
    }
    return path;
  }

  private static ProblemException unsafe(String name, String reason) {
    return InvalidArchive.refused(
        InvalidArchive.ENTRY_NAME,
        "the entry '"
            + InvalidArchive.shown(name)
            + "' "
            + reason
            + "; pack the archive from the folder that holds the classes");
  }

  private static ProblemException duplicate(String one, String other) {
    return InvalidArchive.refused(
        InvalidArchive.DUPLICATE,
        one.equals(other)
            ? "the entry '" + InvalidArchive.shown(one) + "' is there twice; keep one"
            : "the entries '%s' and '%s' differ by case alone, or one is a file and a folder; rename one"
                .formatted(InvalidArchive.shown(one), InvalidArchive.shown(other)));
  }
}
