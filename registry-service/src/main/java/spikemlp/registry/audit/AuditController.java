package spikemlp.registry.audit;

import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The audit log: whole for scope admin, a model's own for whoever may read the model. */
@RestController
@RequestMapping("/api/v1")
class AuditController {

  private final AuditReader audit;

  AuditController(AuditReader audit) {
    this.audit = audit;
  }

  @GetMapping("/audit")
  AuditReader.AuditPage all(@RequestParam MultiValueMap<String, String> query) {
    return audit.page(AuditFilter.of(query));
  }

  @GetMapping("/models/{name}/audit")
  AuditReader.AuditPage ofModel(
      @PathVariable String name, @RequestParam MultiValueMap<String, String> query) {
    AuditFilter filter = AuditFilter.of(query);
    audit.requireModel(name);
    return audit.page(filter.within(name));
  }
}
