package spikemlp.registry.version;

import java.security.Principal;
import java.util.List;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import spikemlp.contract.registry.ModelVersion;

/** Archiving, deleting and bringing back versions. */
@RestController
@RequestMapping("/api/v1/models/{name}")
class VersionStateController {

  private final VersionStates states;
  private final Versions versions;

  VersionStateController(VersionStates states, Versions versions) {
    this.states = states;
    this.versions = versions;
  }

  @PostMapping("/versions/{version}:archive")
  ModelVersion archive(@PathVariable String name, @PathVariable int version, Principal caller) {
    states.archive(name, version, caller.getName());
    return versions.get(name, version);
  }

  @PostMapping("/versions/{version}:restore")
  ModelVersion restore(@PathVariable String name, @PathVariable int version, Principal caller) {
    states.restore(name, version, caller.getName());
    return versions.get(name, version);
  }

  /** Answers with the time until which the version can be brought back. */
  @DeleteMapping("/versions/{version}")
  DeletedVersion delete(@PathVariable String name, @PathVariable int version, Principal caller) {
    return states.delete(name, version, caller.getName());
  }

  @PostMapping("/versions/{version}:undelete")
  ModelVersion undelete(@PathVariable String name, @PathVariable int version, Principal caller) {
    states.undelete(name, version, caller.getName());
    return versions.get(name, version);
  }

  @GetMapping("/deleted-versions")
  List<DeletedVersion> deleted(@PathVariable String name) {
    return states.deleted(name);
  }
}
