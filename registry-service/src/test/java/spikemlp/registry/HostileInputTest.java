package spikemlp.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static spikemlp.registry.RunningRegistry.JSON;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Hostile values in every path variable and name: a 4xx each, and nothing stored. */
@ExtendWith(RegistryExtension.class)
class HostileInputTest {

  private static final Pattern VARIABLE = Pattern.compile("\\{[a-zA-Z0-9]+\\}");

  /** As they stand in a path. */
  private static final List<String> HOSTILE =
      List.of(
          "..",
          "%2e%2e",
          "%252e%252e",
          "..%2f..%2fetc",
          "..%252f..%252fetc",
          "a%2fb",
          "a%5cb",
          "%00",
          "a%00b",
          "a%0ab",
          "a%7fb",
          "%3Cscript%3E",
          "dig%D1%96ts", // a Cyrillic і
          "%EF%BD%84igits", // a full-width d
          "a%E2%80%AEb", // right-to-left override
          "%FF%FE",
          "a;x=1",
          "a'--",
          "x".repeat(5_000),
          "x".repeat(10_000));

  private final RunningRegistry registry;

  HostileInputTest(RunningRegistry registry) {
    this.registry = registry;
  }

  @Test
  void everyPathVariableRefusesWhatIsNoName() {
    registry.register("hostile-host", registry.request("job"));
    long before = stored();
    List<String> wrong = new ArrayList<>();
    for (String route : routes()) {
      int space = route.indexOf(' ');
      String method = route.substring(0, space);
      String pattern = route.substring(space + 1);
      long variables = VARIABLE.matcher(pattern).results().count();
      for (int variable = 0; variable < variables; variable++) {
        for (String hostile : HOSTILE) {
          String path = filled(pattern, variable, hostile);
          int status = status(method, path);
          if (status < 400 || status >= 500) {
            wrong.add(
                method
                    + " "
                    + (path.length() > 150 ? "…" + hostile.length() : path)
                    + " answered "
                    + status);
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(stored()).isEqualTo(before);
  }

  @Test
  void aNameInABodyIsNoBetter() {
    long before = stored();
    for (String name :
        List.of(
            "",
            " ",
            "..",
            "a/b",
            "a\\b",
            "a\u0000b",
            "a\nb",
            "digіts",
            "ｄigits",
            "a\u202eb",
            "<script>",
            "'; drop table model; --",
            "A",
            "-a",
            "x".repeat(65),
            "x".repeat(10_000))) {
      HttpResponse<byte[]> v1 = registry.sendJson("POST", "/api/v1/models", Map.of("name", name));
      assertThat(v1.statusCode()).as(name).isEqualTo(422);
      assertThat(v1.body().length).isLessThan(2_000);
      assertThat(
              registry
                  .sendJson(
                      "POST", "/api/2.0/mlflow/registered-models/create", Map.of("name", name))
                  .statusCode())
          .as(name)
          .isEqualTo(400);
    }
    HttpResponse<byte[]> parent =
        registry.sendJson(
            "POST",
            "/api/v1/models/parented/versions",
            JSON.writeValueAsString(registry.request("job"))
                .replace(
                    "\"parent\":null",
                    "\"parent\":{\"model\":\"a\\u0000b\",\"version\":1,\"checkpointSha256\":\""
                        + "0".repeat(64)
                        + "\",\"mode\":\"INHERIT\",\"timeSteps\":2}"));
    assertThat(parent.statusCode()).isEqualTo(422);
    assertThat(stored()).isEqualTo(before + 1); // the uploaded model file
  }

  private List<String> routes() {
    List<String> routes = new ArrayList<>();
    for (RequestMappingInfo info :
        registry
            .context()
            .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
            .getHandlerMethods()
            .keySet()) {
      for (String pattern : info.getPatternValues()) {
        for (RequestMethod method : info.getMethodsCondition().getMethods()) {
          if (pattern.startsWith("/api/v1/") && method != RequestMethod.HEAD) {
            routes.add(method.name() + " " + pattern);
          }
        }
      }
    }
    assertThat(routes).hasSizeGreaterThan(20);
    return routes;
  }

  /** The pattern with the hostile value in one variable and good ones in the others. */
  private static String filled(String pattern, int hostileVariable, String hostile) {
    int[] variable = {0};
    return VARIABLE
        .matcher(pattern)
        .replaceAll(found -> {
          if (variable[0]++ == hostileVariable) {
            return hostile;
          }
          return found.group().equals("{version}")
              ? "1"
              : found.group().equals("{name}") ? "hostile-host" : "champion";
        });
  }

  /** The status; 400 for what the client itself cannot write as an address. */
  private int status(String method, String path) {
    try {
      registry.base().resolve(path);
    } catch (IllegalArgumentException e) {
      return 400;
    }
    boolean hasBody = method.equals("PUT") || method.equals("POST") || method.equals("PATCH");
    String body =
        path.endsWith("/gate")
            ? "{\"conditions\":[{\"metric\":\"a\",\"comparison\":\">\",\"constant\":1}]}"
            : "{\"version\":1,\"value\":\"v\",\"description\":\"d\"}";
    return registry
        .sendAsAdmin(
            method, path, hasBody ? JSON.readTree(body.getBytes(StandardCharsets.UTF_8)) : Map.of())
        .statusCode();
  }

  private long stored() {
    return registry.jdbc().sql("select count(*) from audit_log").query(Long.class).single();
  }
}
