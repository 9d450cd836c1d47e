package spikemlp.trainer.job;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** Names and versions of the software that makes a model; part of its provenance. */
final class Software {

  private static final String RESOURCE = "/trainer-versions.properties";

  private Software() {}

  static Map<String, String> versions() {
    Properties properties = new Properties();
    try (InputStream stream = Software.class.getResourceAsStream(RESOURCE)) {
      if (stream == null) {
        throw new IllegalStateException("the trainer's jar lacks " + RESOURCE);
      }
      properties.load(stream);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> versions = new TreeMap<>();
    properties.forEach((name, version) -> versions.put((String) name, (String) version));
    versions.put("java", Runtime.version().toString());
    return versions;
  }
}
