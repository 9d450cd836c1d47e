package spikemlp.registry.artifact;

import java.io.IOException;
import java.security.Principal;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Collects unused artifacts on demand. */
@RestController
class CollectionController {

  private final ArtifactCollection collection;

  CollectionController(ArtifactCollection collection) {
    this.collection = collection;
  }

  @PostMapping("/api/v1/artifacts:collect")
  ArtifactCollection.Collected collect(Principal caller) throws IOException {
    return collection.collect(caller.getName());
  }
}
