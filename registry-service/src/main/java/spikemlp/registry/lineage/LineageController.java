package spikemlp.registry.lineage;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** The lineage of versions. */
@RestController
class LineageController {

  private final Lineage lineage;

  LineageController(Lineage lineage) {
    this.lineage = lineage;
  }

  @GetMapping("/api/v1/models/{name}/versions/{version}/lineage")
  LineageGraph get(@PathVariable String name, @PathVariable int version) {
    return lineage.of(name, version);
  }
}
