package spikemlp.registry.alias;

import java.security.Principal;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The gates of aliases. */
@RestController
@RequestMapping("/api/v1/models/{name}/aliases/{alias}/gate")
class GateController {

  record Gate(List<GateCondition> conditions) {
    Gate {
      conditions = List.copyOf(conditions);
    }
  }

  private final Gates gates;

  GateController(Gates gates) {
    this.gates = gates;
  }

  @GetMapping
  Gate get(@PathVariable String name, @PathVariable String alias) {
    return new Gate(gates.get(name, alias));
  }

  @PutMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  Gate set(
      @PathVariable String name,
      @PathVariable String alias,
      @RequestBody Gate gate,
      Principal caller) {
    gates.set(name, alias, gate.conditions(), caller.getName());
    return gate;
  }

  @DeleteMapping
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void remove(@PathVariable String name, @PathVariable String alias, Principal caller) {
    gates.remove(name, alias, caller.getName());
  }
}
