package spikemlp.frontdoor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What {@code docker-compose.yml} promises, read as YAML: no engine is needed. */
class ComposeFileTest {

  private static final Path ROOT = Path.of("..");
  private static final Set<String> OURS = Set.of("registry", "trainer", "inference", "frontdoor");

  private static Map<String, Map<String, Object>> services;
  private static Map<String, Object> file;

  @BeforeAll
  @SuppressWarnings("unchecked")
  static void read() throws Exception {
    try (Reader yaml = Files.newBufferedReader(ROOT.resolve("docker-compose.yml"))) {
      file = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
    }
    services = (Map<String, Map<String, Object>>) file.get("services");
  }

  @Test
  void theFrontDoorAloneIsPublishedAndOnLoopback() {
    services.forEach((name, service) -> {
      if (name.equals("frontdoor")) {
        assertThat((List<?>) service.get("ports"))
            .allSatisfy(port -> assertThat((String) port).startsWith("127.0.0.1:"));
      } else {
        assertThat(service).as(name).doesNotContainKey("ports");
      }
    });
  }

  @Test
  void everyServiceTellsItsHealthAndStaysWithoutPrivileges() {
    assertThat(services.keySet()).containsAll(OURS).contains("postgres");
    services.forEach((name, service) -> assertThat(service).as(name).containsKey("healthcheck"));
    for (String name : OURS) {
      assertThat(services.get(name))
          .as(name)
          .containsEntry("user", "10001:10001")
          .containsEntry("cap_drop", List.of("ALL"));
    }
  }

  @Test
  void everythingNamedIsThere() {
    for (String name : OURS) {
      Path context = ROOT.resolve((String) services.get(name).get("build"));
      assertThat(context.resolve("Dockerfile")).as(name).isRegularFile();
    }
    Set<?> volumes = ((Map<?, ?>) file.get("volumes")).keySet();
    Set<?> secrets = ((Map<?, ?>) file.get("secrets")).keySet();
    services.forEach((name, service) -> {
      for (Object volume : (List<?>) service.getOrDefault("volumes", List.of())) {
        String source = ((String) volume).split(":")[0];
        if (source.startsWith("./")) {
          assertThat(ROOT.resolve(source)).as(name).exists();
        } else if (!source.startsWith("$")) {
          assertThat(volumes.contains(source)).as("%s: volume %s", name, source).isTrue();
        }
      }
      for (Object secret : (List<?>) service.getOrDefault("secrets", List.of())) {
        Object source = secret instanceof Map<?, ?> map ? map.get("source") : secret;
        assertThat(secrets.contains(source)).as("%s: secret %s", name, source).isTrue();
      }
    });
  }

  @Test
  void noPasswordStandsInTheFile() throws Exception {
    assertThat(Files.readString(ROOT.resolve("docker-compose.yml")))
        .doesNotContainPattern("PASSWORD: ");
  }
}
