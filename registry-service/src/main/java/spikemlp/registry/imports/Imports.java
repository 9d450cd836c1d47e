package spikemlp.registry.imports;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import spikemlp.contract.card.ExportProof;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.card.Topology;
import spikemlp.contract.network.FieldProblem;
import spikemlp.contract.network.InvalidConfigurationException;
import spikemlp.contract.registry.Artifact;
import spikemlp.contract.registry.RegisterVersionRequest;
import spikemlp.contract.registry.VersionState;
import spikemlp.problem.ProblemException;
import spikemlp.registry.artifact.Artifacts;
import spikemlp.registry.version.Versions;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes versions of files from elsewhere. Such a version has {@link ExportProof#NONE}: nobody
 * compared it with the core. With an ONNX file that passed the checks it is READY; a checkpoint
 * alone has nothing to serve and is PENDING.
 */
@Component
class Imports {

  private static final Set<String> FILES =
      Set.of(RegisterVersionRequest.MODEL_FILE, RegisterVersionRequest.CHECKPOINT_FILE);
  private static final int MAX_IMPORT_ID = 150;

  private final Artifacts artifacts;
  private final Versions versions;
  private final JsonMapper json;

  Imports(Artifacts artifacts, Versions versions, JsonMapper json) {
    this.artifacts = artifacts;
    this.versions = versions;
    this.json = json;
  }

  /**
   * Imports a version.
   *
   * @throws InvalidConfigurationException naming all that stands against the files
   * @throws ProblemException 409 {@code artifact-missing}
   */
  Versions.Registration run(String model, ImportRequest request, String actor) {
    List<FieldProblem> problems = new ArrayList<>();
    checkRequest(request, problems);
    refuse(problems);
    List<String> obstacles = artifacts.obstacles(request.artifacts());
    if (!obstacles.isEmpty()) {
      throw new ProblemException(
          HttpStatus.CONFLICT,
          "artifact-missing",
          String.join("; ", obstacles) + "; upload each file before it is imported");
    }
    Map<String, Artifact> files = new HashMap<>(request.artifacts());
    Artifact checkpoint = files.get(RegisterVersionRequest.CHECKPOINT_FILE);
    if (checkpoint != null) {
      checkCheckpoint(checkpoint, request.card(), problems);
    }
    Artifact onnx = files.get(RegisterVersionRequest.MODEL_FILE);
    Optional<String> ownCard =
        onnx == null ? Optional.empty() : checkOnnx(onnx, request.card(), problems);
    refuse(problems);
    if (onnx != null && ownCard.isEmpty()) {
      files.put(RegisterVersionRequest.MODEL_FILE, withCard(onnx, request.card(), actor));
    }
    return versions.registerImport(
        model,
        new RegisterVersionRequest(
            "import:" + request.importId(),
            request.card(),
            files,
            request.metrics(),
            ExportProof.NONE),
        onnx == null ? VersionState.PENDING : VersionState.READY,
        actor);
  }

  private static void checkRequest(ImportRequest request, List<FieldProblem> problems) {
    String id = request.importId();
    if (id.isBlank() || id.length() > MAX_IMPORT_ID) {
      problems.add(
          new FieldProblem("importId", id.length() + " characters", "has 1 to 150 characters"));
    }
    if (request.artifacts().isEmpty() || !FILES.containsAll(request.artifacts().keySet())) {
      problems.add(
          new FieldProblem(
              "artifacts",
              request.artifacts().keySet().toString(),
              "must be model.onnx, checkpoint.safetensors or both"));
    }
    if (!request.card().topology().equals(Topology.of(request.card().network()))) {
      problems.add(
          new FieldProblem(
              "card.topology", "another", "is not what follows from card.network; leave it to it"));
    }
  }

  private static void refuse(List<FieldProblem> problems) {
    if (!problems.isEmpty()) {
      throw new InvalidConfigurationException(problems);
    }
  }

  private void checkCheckpoint(Artifact file, ModelCard card, List<FieldProblem> problems) {
    String field = "artifacts." + RegisterVersionRequest.CHECKPOINT_FILE;
    try (InputStream content = open(file)) {
      SafetensorsCheck.check(content, file.size(), card.network())
          .forEach(problem -> problems.add(new FieldProblem(field, file.sha256(), problem)));
    } catch (IOException e) {
      problems.add(
          new FieldProblem(field, file.sha256(), "is no safetensors file: " + e.getMessage()));
    }
  }

  private Optional<String> checkOnnx(Artifact file, ModelCard card, List<FieldProblem> problems) {
    String field = "artifacts." + RegisterVersionRequest.MODEL_FILE;
    try (InputStream content = open(file)) {
      OnnxCheck.Findings findings = OnnxCheck.check(content, file.size(), card);
      findings
          .problems()
          .forEach(problem -> problems.add(new FieldProblem(field, file.sha256(), problem)));
      findings
          .card()
          .filter(text -> !same(text, card))
          .ifPresent(text ->
              problems.add(
                  new FieldProblem(field, file.sha256(), "holds another model card than given")));
      return findings.card();
    } catch (IOException e) {
      problems.add(new FieldProblem(field, file.sha256(), "is no ONNX file: " + e.getMessage()));
      return Optional.empty();
    }
  }

  private boolean same(String text, ModelCard card) {
    try {
      return json.readValue(text, ModelCard.class).equals(card);
    } catch (JacksonException e) {
      return false;
    }
  }

  /**
   * The file with the card in its metadata, which serving reads it from: in protobuf a message
   * followed by a further field is the message with that field.
   */
  private Artifact withCard(Artifact file, ModelCard card, String actor) {
    byte[] property = property(ModelCard.METADATA_KEY, json.writeValueAsString(card));
    try {
      String sha256;
      try (InputStream content = followed(file, property)) {
        sha256 = artifacts.hash(content);
      }
      try (InputStream content = followed(file, property)) {
        return artifacts.add(sha256, file.size() + property.length, content, actor);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private InputStream followed(Artifact file, byte[] end) throws IOException {
    return new SequenceInputStream(open(file), new ByteArrayInputStream(end));
  }

  private InputStream open(Artifact file) throws IOException {
    return artifacts.content(file).getInputStream();
  }

  /** Field 14 of a ModelProto: a StringStringEntryProto of key 1 and value 2. */
  private static byte[] property(String key, String value) {
    byte[] entry =
        join(
            bytes(1, key.getBytes(StandardCharsets.UTF_8)),
            bytes(2, value.getBytes(StandardCharsets.UTF_8)));
    return bytes(14, entry);
  }

  private static byte[] bytes(int field, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write((field << 3) | ProtoStream.BYTES);
    int length = content.length;
    for (; length > 0x7f; length >>>= 7) {
      out.write((length & 0x7f) | 0x80);
    }
    out.write(length);
    out.writeBytes(content);
    return out.toByteArray();
  }

  private static byte[] join(byte[] a, byte[] b) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(a);
    out.writeBytes(b);
    return out.toByteArray();
  }
}
