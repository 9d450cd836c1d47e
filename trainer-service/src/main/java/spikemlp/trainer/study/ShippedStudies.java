package spikemlp.trainer.study;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import spikemlp.contract.study.StudyRequest;
import tools.jackson.databind.json.JsonMapper;

/** The studies that come with the product: the paper's questions at a size for two cores. */
public final class ShippedStudies {

  private static final List<String> NAMES =
      List.of("skip-ablation", "patch-encoding", "time-steps", "augmentation");

  private ShippedStudies() {}

  /** Their names. */
  public static List<String> names() {
    return NAMES;
  }

  /**
   * The study of that name.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names there are
   */
  public static StudyRequest named(String name) {
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException(
          "no study is named '" + name + "'; there are " + String.join(", ", NAMES));
    }
    try (InputStream file =
        ShippedStudies.class.getResourceAsStream("/studies/" + name + ".json")) {
      return JsonMapper.shared().readValue(file, StudyRequest.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
