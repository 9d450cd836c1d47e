package spikemlp.registry.tag;

import static org.assertj.core.api.Assertions.assertThat;
import static spikemlp.registry.RunningRegistry.code;
import static spikemlp.registry.RunningRegistry.detail;
import static spikemlp.registry.RunningRegistry.json;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import spikemlp.registry.RegistryExtension;
import spikemlp.registry.RunningRegistry;

@ExtendWith(RegistryExtension.class)
class TagApiTest {

  private final RunningRegistry registry;

  TagApiTest(RunningRegistry registry) {
    this.registry = registry;
  }

  @Test
  void modelsAndVersionsAreTaggedAndEachChangeIsAudited() {
    registry.register("tagged", registry.request("job"));
    for (String path : List.of("/api/v1/models/tagged", "/api/v1/models/tagged/versions/1")) {
      assertThat(json(set(path, "team", "vision")).path("tags").path("team").asString())
          .isEqualTo("vision");
      set(path, "team", "vision");
      set(path, "team", "it's 100 % “fine”");
      assertThat(json(registry.get(path)).path("tags").path("team").asString())
          .isEqualTo("it's 100 % “fine”");
      assertThat(delete(path, "team").statusCode()).isEqualTo(204);
      assertThat(json(registry.get(path)).path("tags")).isEmpty();
      assertThat(code(delete(path, "team"))).isEqualTo("tag-not-found");
    }
    assertThat(
            registry
                .jdbc()
                .sql(
                    """
                    select concat(action, ' ', detail ->> 'from', '>', detail ->> 'to') as change
                      from audit_log where subject in ('tagged', 'tagged:1') and action like '%.tag'
                     order by id
                    """)
                .query((row, number) -> row.getString("change"))
                .list())
        .containsExactly(
            "model.tag >vision",
            "model.tag vision>it's 100 % “fine”",
            "model.tag it's 100 % “fine”>",
            "version.tag >vision",
            "version.tag vision>it's 100 % “fine”",
            "version.tag it's 100 % “fine”>");
  }

  @Test
  void markupControlCharactersAndTooMuchAreRefusedAndNothingIsStored() {
    registry.register("untagged", registry.request("job"));
    String path = "/api/v1/models/untagged";
    for (String value :
        List.of(
            "<script>alert(1)</script>",
            "a > b",
            "a\u0000b",
            "a\nb",
            "a\u202eb",
            "x".repeat(501))) {
      HttpResponse<byte[]> refused = set(path, "team", value);
      assertThat(refused.statusCode()).as(value).isBetween(400, 422);
      assertThat(set(path + "/versions/1", "team", value).statusCode()).isBetween(400, 422);
    }
    assertThat(
            registry.sendJson("PUT", path + "/tags/team", "{\"value\":\"\\ud800\"}").statusCode())
        .isBetween(400, 422);
    HttpResponse<byte[]> markup = set(path, "team", "<b>");
    assertThat(markup.statusCode()).isEqualTo(422);
    assertThat(detail(markup)).contains("tags.team", "none of them '<', '>'");
    for (String key : List.of("-x", "tëam", "te%20am", "x".repeat(101))) {
      assertThat(set(path, key, "v").statusCode()).as(key).isBetween(400, 422);
    }
    assertThat(json(registry.get(path)).path("tags")).isEmpty();
    assertThat(json(registry.get(path + "/versions/1")).path("tags")).isEmpty();
    for (int i = 0; i < 50; i++) {
      assertThat(set(path, "k" + i, "v").statusCode()).isEqualTo(200);
    }
    assertThat(set(path, "one-more", "v").statusCode()).isEqualTo(422);
    assertThat(set(path, "k7", "other").statusCode()).isEqualTo(200);
  }

  private HttpResponse<byte[]> set(String path, String key, String value) {
    String encoded = key.equals("tëam") ? "t%C3%ABam" : key;
    return registry.sendJson("PUT", path + "/tags/" + encoded, Map.of("value", value));
  }

  private HttpResponse<byte[]> delete(String path, String key) {
    return registry.sendJson("DELETE", path + "/tags/" + key, "");
  }
}
