package spikemlp.registry.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static spikemlp.registry.RunningRegistry.FAILED;
import static spikemlp.registry.RunningRegistry.JSON;
import static spikemlp.registry.RunningRegistry.PASSED;
import static spikemlp.registry.RunningRegistry.code;
import static spikemlp.registry.RunningRegistry.detail;
import static spikemlp.registry.RunningRegistry.json;
import static spikemlp.registry.RunningRegistry.request;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import spikemlp.contract.card.Parent;
import spikemlp.contract.card.StartMode;
import spikemlp.contract.registry.Artifact;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.contract.registry.RegisterVersionRequest;
import spikemlp.contract.registry.RegisteredModel;
import spikemlp.contract.registry.VersionState;
import spikemlp.registry.Registrations;
import spikemlp.registry.RegistryExtension;
import spikemlp.registry.RunningRegistry;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@ExtendWith(RegistryExtension.class)
class VersionApiTest {

  private final RunningRegistry registry;

  VersionApiTest(RunningRegistry registry) {
    this.registry = registry;
  }

  @Test
  void aProvenVersionIsReadyAndComesBackAsItWasSent() {
    RegisterVersionRequest request = registry.request("job-1");
    HttpResponse<byte[]> response = registry.register("ready", request);

    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(response.headers().firstValue("Location"))
        .hasValue("/api/v1/models/ready/versions/1");
    ModelVersion version = JSON.readValue(response.body(), ModelVersion.class);
    assertThat(version)
        .isEqualTo(
            new ModelVersion(
                "ready",
                1,
                VersionState.READY,
                List.of(),
                "job-1",
                request.card(),
                request.artifacts(),
                request.metrics(),
                request.proof(),
                version.createdAt()));
    assertThat(
            JSON.readValue(
                registry.get("/api/v1/models/ready/versions/1").body(), ModelVersion.class))
        .isEqualTo(version);
    assertThat(audited("ready")).containsExactly("model.create");
    assertThat(audited("ready:1")).containsExactly("version.register");
  }

  @Test
  void aVersionTellsItsParentAndOneWithoutMayLeaveItOut() {
    Parent parent = new Parent("ready", 3, "ab".repeat(32), StartMode.INHERIT, 2);
    RegisterVersionRequest request = registry.request("child");
    RegisterVersionRequest child = Registrations.startedFrom(request, parent);
    assertThat(registry.register("lineage", child).statusCode()).isEqualTo(201);
    ModelVersion stored =
        JSON.readValue(
            registry.get("/api/v1/models/lineage/versions/1").body(), ModelVersion.class);
    assertThat(stored.card().provenance().parent()).isEqualTo(parent);

    ObjectNode body = body("scratch");
    body.withObject("/card/provenance").remove("parent");
    HttpResponse<byte[]> response =
        registry.sendJson("POST", "/api/v1/models/lineage/versions", body);
    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(JSON.readValue(response.body(), ModelVersion.class).card().provenance().parent())
        .isNull();

    ObjectNode wrong = body("wrong");
    wrong.withObject("/card/provenance").putObject("parent").put("model", "ready");
    HttpResponse<byte[]> refused =
        registry.sendJson("POST", "/api/v1/models/lineage/versions", wrong);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(detail(refused)).contains("card.provenance.parent");
  }

  @Test
  void theSameJobRegistersOnce() {
    RegisterVersionRequest request = registry.request("job-1");
    ModelVersion first =
        JSON.readValue(registry.register("once", request).body(), ModelVersion.class);
    HttpResponse<byte[]> again = registry.register("once", request);
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(JSON.readValue(again.body(), ModelVersion.class)).isEqualTo(first);
    assertThat(json(registry.get("/api/v1/models/once/versions")).path("items")).hasSize(1);
    assertThat(json(registry.register("once", registry.request("job-2"))).path("version").asInt())
        .isEqualTo(2);
  }

  @Test
  void aVersionWithoutProofOrModelFileIsFailed() {
    Map<String, Artifact> files = Map.of("model.onnx", registry.uploaded());
    assertThat(state("failed", request("unproven", files, FAILED))).isEqualTo("FAILED");
    Map<String, Artifact> others = Map.of("report.json", registry.uploaded());
    assertThat(state("failed", request("no-model", others, PASSED))).isEqualTo("FAILED");
    assertThat(state("failed", request("proven", files, PASSED))).isEqualTo("READY");
  }

  @Test
  void missingFilesAreAllNamedAndNothingIsRegistered() {
    Artifact there = registry.uploaded();
    Artifact missing = new Artifact("1".repeat(64), 3);
    Artifact wrongSize = new Artifact(registry.uploaded().sha256(), 999);
    HttpResponse<byte[]> refused =
        registry.register(
            "missing",
            request(
                "job",
                Map.of("model.onnx", there, "report.json", missing, "notes.txt", wrongSize),
                PASSED));
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(code(refused)).isEqualTo("artifact-missing");
    assertThat(detail(refused))
        .contains("report.json (" + missing.sha256() + ") is not uploaded")
        .contains("notes.txt")
        .contains("the request says 999")
        .doesNotContain("model.onnx");
    assertThat(registry.get("/api/v1/models/missing").statusCode()).isEqualTo(404);
    assertThat(audited("missing")).isEmpty();
  }

  @Test
  void everyWrongValueIsNamedAtOnce() {
    ObjectNode body = body("job");
    body.put("sourceJobId", " ");
    body.withObject("/artifacts").set("../escape", body.at("/artifacts/model.onnx"));
    body.withObject("/metrics").put("accuracy", "NaN");
    HttpResponse<byte[]> refused =
        registry.sendJson("POST", "/api/v1/models/Wrong/versions", body.toString());
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(code(refused)).isEqualTo("invalid-configuration");
    assertThat(json(refused).path("errors").findValuesAsString("field"))
        .containsExactlyInAnyOrder("name", "sourceJobId", "artifacts", "metrics.accuracy");
  }

  @Test
  void aMissingOrMistypedFieldIsNamed() {
    assertRefused(body("job").without("card"), "card");
    assertRefused(body("job").without("sourceJobId"), "sourceJobId");
    ObjectNode noImages = body("job");
    noImages.withObject("/proof").remove("images");
    assertRefused(noImages, "images");
    ObjectNode mistyped = body("job");
    mistyped.withObject("/proof").put("images", "many");
    assertRefused(mistyped, "proof.images");
    ObjectNode nothing = body("job");
    nothing.putNull("artifacts");
    assertRefused(nothing, "artifacts");
  }

  private void assertRefused(JsonNode body, String field) {
    HttpResponse<byte[]> refused =
        registry.sendJson("POST", "/api/v1/models/wrong/versions", body.toString());
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(code(refused)).isEqualTo("invalid-request");
    assertThat(detail(refused)).contains(field);
  }

  @Test
  void aCardWhoseNumbersClashIsRefused() {
    ObjectNode body = body("job");
    body.withObject("/card/network").put("timeSteps", 0);
    HttpResponse<byte[]> refused =
        registry.sendJson("POST", "/api/v1/models/wrong/versions", body.toString());
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(detail(refused)).contains("timeSteps");
  }

  @Test
  void textThatTheDatabaseCannotHoldIsRefused() {
    ObjectNode body = body("job");
    body.withObject("/card").put("variant", "a\0b");
    HttpResponse<byte[]> refused =
        registry.sendJson("POST", "/api/v1/models/wrong/versions", body.toString());
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(detail(refused)).contains("U+0000");
  }

  @Test
  void aBodyPastTheBoundIsRefusedAnnouncedOrNot() {
    byte[] body = " ".repeat((10 << 20) + 1).getBytes(StandardCharsets.UTF_8);
    HttpResponse<byte[]> refused =
        registry.send(
            "POST",
            "/api/v1/models/wrong/versions",
            BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body)),
            "Content-Type",
            "application/json");
    assertThat(refused.statusCode()).isEqualTo(413);
    assertThat(code(refused)).isEqualTo("too-large");
  }

  @Test
  void versionsAreListedNewestFirstAndModelsByName() {
    for (int i = 1; i <= 3; i++) {
      registry.register("listed", registry.request("job-" + i));
    }
    assertThat(
            json(registry.get("/api/v1/models/listed/versions"))
                .path("items")
                .findValuesAsString("sourceJobId"))
        .containsExactly("job-3", "job-2", "job-1");
    RegisteredModel model =
        JSON.readValue(registry.get("/api/v1/models/listed").body(), RegisteredModel.class);
    assertThat(model).isEqualTo(new RegisteredModel("listed", "", 3, Map.of(), model.createdAt()));
    assertThat(
            json(registry.get("/api/v1/models?limit=200")).path("items").findValuesAsString("name"))
        .contains("listed")
        .isSorted();
  }

  @Test
  void aVersionsFilesAreDownloadedByName() {
    byte[] report = "{\"accuracy\": 0.97}".getBytes(StandardCharsets.UTF_8);
    registry.upload(report);
    Artifact artifact = new Artifact(RunningRegistry.sha256(report), report.length);
    registry.register(
        "files",
        request("job", Map.of("model.onnx", registry.uploaded(), "report.json", artifact), PASSED));

    HttpResponse<byte[]> file =
        registry.get("/api/v1/models/files/versions/1/artifacts/report.json");
    assertThat(file.body()).isEqualTo(report);
    assertThat(file.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(file.headers().firstValue("Content-Disposition"))
        .hasValue("attachment; filename=\"report.json\"");
    HttpResponse<byte[]> absent =
        registry.get("/api/v1/models/files/versions/1/artifacts/other.bin");
    assertThat(absent.statusCode()).isEqualTo(404);
    assertThat(detail(absent)).contains("model.onnx, report.json");
  }

  @Test
  void aReportPageIsServedSoThatItRunsNothing() {
    byte[] page = "<script>alert(1)</script>".getBytes(StandardCharsets.UTF_8);
    registry.upload(page);
    Artifact artifact = new Artifact(RunningRegistry.sha256(page), page.length);
    registry.register(
        "page",
        request("job", Map.of("model.onnx", registry.uploaded(), "report.html", artifact), PASSED));
    HttpResponse<byte[]> served =
        registry.get("/api/v1/models/page/versions/1/artifacts/report.html");
    assertThat(served.body()).isEqualTo(page);
    assertThat(served.headers().firstValue("Content-Type")).hasValue("text/html;charset=UTF-8");
    assertThat(served.headers().firstValue("Content-Disposition"))
        .hasValue("attachment; filename=\"report.html\"");
    assertThat(served.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
    assertThat(served.headers().allValues("Content-Security-Policy"))
        .singleElement()
        .asString()
        .startsWith("sandbox; default-src 'none';")
        .doesNotContain("allow-", "script-src");
    byte[] opaque = "<svg onload='alert(1)'/>".getBytes(StandardCharsets.UTF_8);
    registry.upload(opaque);
    HttpResponse<byte[]> byHash =
        registry.get("/api/v1/artifacts/" + RunningRegistry.sha256(opaque));
    assertThat(byHash.headers().firstValue("Content-Type")).hasValue("application/octet-stream");
    assertThat(byHash.headers().firstValue("Content-Security-Policy").orElseThrow())
        .startsWith("sandbox;");
  }

  @Test
  void whatDoesNotExistIsNamed() {
    registry.register("exists", registry.request("job"));
    assertThat(code(registry.get("/api/v1/models/absent"))).isEqualTo("model-not-found");
    assertThat(code(registry.get("/api/v1/models/absent/versions"))).isEqualTo("model-not-found");
    assertThat(code(registry.get("/api/v1/models/absent/versions/1"))).isEqualTo("model-not-found");
    HttpResponse<byte[]> seventh = registry.get("/api/v1/models/exists/versions/7");
    assertThat(code(seventh)).isEqualTo("version-not-found");
    assertThat(new String(seventh.body(), StandardCharsets.UTF_8))
        .contains("model 'exists' has no version 7; it has 1 version\"");
    assertThat(registry.get("/api/v1/models/exists/versions/newest").statusCode()).isEqualTo(400);
  }

  @Test
  void aDescriptionIsReplacedAndTheChangeAudited() {
    registry.register("described", registry.request("job"));
    HttpResponse<byte[]> described =
        registry.sendJson(
            "PATCH", "/api/v1/models/described", Map.of("description", "Digits, drawn by code."));
    assertThat(json(described).path("description").asString()).isEqualTo("Digits, drawn by code.");
    assertThat(audited("described")).containsExactly("model.create", "model.describe");
    assertThat(
            registry
                .sendJson(
                    "PATCH", "/api/v1/models/described", Map.of("description", "x".repeat(4001)))
                .statusCode())
        .isEqualTo(422);
    assertThat(
            registry
                .sendJson("PATCH", "/api/v1/models/described", Map.of("name", "x"))
                .statusCode())
        .isEqualTo(400);
  }

  @Test
  void registeredContentAndTheAuditLogCannotBeChangedInTheDatabase() {
    registry.register("immutable", registry.request("job"));
    for (String change :
        List.of(
            "update model_version set metrics = '{}' where version = 1",
            "update version_artifact set file = 'x'",
            "update audit_log set actor = 'someone else'",
            "delete from audit_log",
            "truncate audit_log",
            "delete from alias_history")) {
      assertThatThrownBy(() -> registry.jdbc().sql(change).update())
          .as(change)
          .hasMessageMatching("(?s).*(append-only|immutable).*");
    }
    assertThat(audited("immutable:1")).containsExactly("version.register");
  }

  private ObjectNode body(String job) {
    return JSON.valueToTree(registry.request(job));
  }

  private String state(String model, RegisterVersionRequest request) {
    return json(registry.register(model, request)).path("state").asString();
  }

  private List<String> audited(String subject) {
    return registry
        .jdbc()
        .sql("select action from audit_log where subject = ? and actor = 'tester' order by id")
        .param(subject)
        .query(String.class)
        .list();
  }
}
