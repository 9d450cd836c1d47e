package spikemlp.registry.comparison;

import java.io.IOException;
import org.springframework.stereotype.Component;
import spikemlp.contract.registry.Artifact;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.contract.registry.RegisterVersionRequest;
import spikemlp.registry.artifact.Artifacts;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** What a version's {@code report.json} says of its training. */
@Component
class TrainingReports {

  private static final long MOST_BYTES = 16 << 20;

  private final Artifacts artifacts;
  private final JsonMapper json;

  TrainingReports(Artifacts artifacts, JsonMapper json) {
    this.artifacts = artifacts;
    this.json = json;
  }

  /**
   * The report; a missing node if the version has none that can be read.
   *
   * @throws spikemlp.problem.ProblemException 410 {@code artifact-corrupt} if it is known to be
   *     damaged
   * @throws IOException if it turns out to be
   */
  JsonNode of(ModelVersion version) throws IOException {
    Artifact report = version.artifacts().get(RegisterVersionRequest.REPORT_FILE);
    return report == null || report.size() > MOST_BYTES ? MissingNode.getInstance() : read(report);
  }

  private JsonNode read(Artifact artifact) throws IOException {
    byte[] content = artifacts.content(artifact).getContentAsByteArray();
    try {
      return json.readTree(content);
    } catch (JacksonException e) {
      return MissingNode.getInstance();
    }
  }
}
