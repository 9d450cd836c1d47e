package spikemlp.registry;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.card.Parent;
import spikemlp.contract.card.Provenance;
import spikemlp.contract.registry.Artifact;
import spikemlp.contract.registry.RegisterVersionRequest;

/** Requests that differ from {@link RunningRegistry#request(String)} in one thing. */
public final class Registrations {

  private Registrations() {}

  public static RegisterVersionRequest with(
      RegisterVersionRequest request, Map<String, Double> metrics) {
    return new RegisterVersionRequest(
        request.sourceJobId(), request.card(), request.artifacts(), metrics, request.proof());
  }

  public static RegisterVersionRequest startedFrom(RegisterVersionRequest request, Parent parent) {
    ModelCard card = request.card();
    Provenance from = card.provenance();
    return new RegisterVersionRequest(
        request.sourceJobId(),
        ModelCard.of(
            card.variant(),
            card.network(),
            card.input(),
            card.labels(),
            new Provenance(
                from.jobId(),
                from.dataSet(),
                from.dataHash(),
                from.seed(),
                from.createdAt(),
                from.software(),
                parent)),
        request.artifacts(),
        request.metrics(),
        request.proof());
  }

  /** The same with one file more. */
  public static RegisterVersionRequest withFile(
      RunningRegistry registry, RegisterVersionRequest request, String file, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    registry.upload(bytes);
    Map<String, Artifact> files = new LinkedHashMap<>(request.artifacts());
    files.put(file, new Artifact(RunningRegistry.sha256(bytes), bytes.length));
    return new RegisterVersionRequest(
        request.sourceJobId(), request.card(), files, request.metrics(), request.proof());
  }
}
