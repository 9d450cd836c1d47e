package spikemlp.registry.webhook;

import java.net.URI;
import java.security.Principal;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Webhooks and their deliveries. */
@RestController
@RequestMapping("/api/v1/webhooks")
class WebhookController {

  record Request(String url, @Nullable List<String> kinds, @Nullable String model) {}

  private final Webhooks webhooks;

  WebhookController(Webhooks webhooks) {
    this.webhooks = webhooks;
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<Webhooks.Created> create(@RequestBody Request request, Principal caller) {
    List<String> kinds = request.kinds() == null ? List.of() : request.kinds();
    Webhooks.Created created =
        webhooks.create(request.url(), kinds, request.model(), caller.getName());
    return ResponseEntity.created(URI.create("/api/v1/webhooks/" + created.webhook().id()))
        .body(created);
  }

  @GetMapping
  List<Webhooks.Webhook> list() {
    return webhooks.list();
  }

  @GetMapping("/{id}")
  Webhooks.Webhook get(@PathVariable UUID id) {
    return webhooks.get(id);
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(@PathVariable UUID id, Principal caller) {
    webhooks.delete(id, caller.getName());
  }

  @GetMapping("/{id}/deliveries")
  List<Webhooks.Delivery> deliveries(@PathVariable UUID id) {
    return webhooks.deliveries(id);
  }

  @PostMapping("/{id}/deliveries/{delivery}:resend")
  @ResponseStatus(HttpStatus.ACCEPTED)
  Webhooks.Delivery resend(@PathVariable UUID id, @PathVariable long delivery, Principal caller) {
    return webhooks.resend(id, delivery, caller.getName());
  }
}
