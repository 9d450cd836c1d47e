package spikemlp.trainer.dataset;

import java.util.Map;
import org.springframework.http.HttpStatus;
import spikemlp.problem.ProblemException;

/** The refusals of what was uploaded. */
final class InvalidArchive {

  /** The archive is no zip, not whole, or contradicts itself. */
  static final String NOT_A_ZIP = "archive-invalid";

  static final String ENTRY_NAME = "archive-entry-name";
  static final String DUPLICATE = "archive-duplicate-name";
  static final String LINK = "archive-link";
  static final String ENCRYPTED = "archive-encrypted";
  static final String TOO_MANY_ENTRIES = "archive-too-many-entries";
  static final String BOMB = "archive-unpacks-too-far";

  /** The archive is sound, but nothing that can be trained on. */
  static final String UNUSABLE = "dataset-unusable";

  static final String BAD_IMAGES = "too-many-bad-images";

  private static final int LONGEST_SHOWN = 120;

  private InvalidArchive() {}

  static ProblemException refused(String code, String detail) {
    return refused(code, detail, Map.of());
  }

  static ProblemException refused(String code, String detail, Map<String, Object> properties) {
    return new ProblemException(HttpStatus.UNPROCESSABLE_CONTENT, code, detail, properties);
  }

  static ProblemException notWhole(String reason) {
    return refused(
        NOT_A_ZIP, "the upload is no whole zip archive: " + reason + "; pack and send it again");
  }

  /** An entry's name as an answer may show it: without control characters, and not too long. */
  static String shown(String name) {
    return name.length() <= LONGEST_SHOWN
        ? printable(name)
        : printable(name.substring(0, LONGEST_SHOWN)) + "…";
  }

  /** The text with its control characters written out. */
  static String printable(String text) {
    StringBuilder printable = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          if (ArchiveNames.isControl(c)) {
            printable.append("\\u%04x".formatted(c));
          } else {
            printable.appendCodePoint(c);
          }
        });
    return printable.toString();
  }
}
