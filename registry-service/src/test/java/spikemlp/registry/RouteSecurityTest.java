package spikemlp.registry;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import spikemlp.security.PlatformTokens;
import spikemlp.security.RouteSecurityContract;
import spikemlp.security.Scope;

@ExtendWith(RegistryExtension.class)
class RouteSecurityTest {

  @Test
  void everyRouteIsClosedButToItsScope(RunningRegistry registry) {
    RouteSecurityContract.verify(
        registry.context(),
        registry.base(),
        registry.context().getBean(PlatformTokens.class),
        Map.ofEntries(
            Map.entry("PUT /api/v1/artifacts/{sha256}", Scope.TRAIN),
            Map.entry("GET /api/v1/artifacts/{sha256}", Scope.READ),
            Map.entry("HEAD /api/v1/artifacts/{sha256}", Scope.READ),
            Map.entry("POST /api/v1/artifacts:collect", Scope.ADMIN),
            Map.entry("POST /api/v1/uploads", Scope.TRAIN),
            Map.entry("GET /api/v1/uploads/{id}", Scope.TRAIN),
            Map.entry("HEAD /api/v1/uploads/{id}", Scope.TRAIN),
            Map.entry("PATCH /api/v1/uploads/{id}", Scope.TRAIN),
            Map.entry("DELETE /api/v1/uploads/{id}", Scope.TRAIN),
            Map.entry("GET /api/v1/events", Scope.READ),
            Map.entry("GET /api/v1/webhooks", Scope.ADMIN),
            Map.entry("POST /api/v1/webhooks", Scope.ADMIN),
            Map.entry("GET /api/v1/webhooks/{id}", Scope.ADMIN),
            Map.entry("DELETE /api/v1/webhooks/{id}", Scope.ADMIN),
            Map.entry("GET /api/v1/webhooks/{id}/deliveries", Scope.ADMIN),
            Map.entry("POST /api/v1/webhooks/{id}/deliveries/{delivery}:resend", Scope.ADMIN),
            Map.entry("POST /api/v1/models/{name}/imports", Scope.TRAIN),
            Map.entry("GET /api/v1/models/{name}/versions/{version}/manifest", Scope.READ),
            Map.entry("GET /api/v1/models/{name}/versions/{version}/model-card.md", Scope.READ),
            Map.entry("GET /api/v1/manifest-key", Scope.READ),
            Map.entry("GET /api/v1/models", Scope.READ),
            Map.entry("GET /api/v1/models/{name}", Scope.READ),
            Map.entry("PATCH /api/v1/models/{name}", Scope.PROMOTE),
            Map.entry("POST /api/v1/models/{name}/versions", Scope.TRAIN),
            Map.entry("GET /api/v1/models/{name}/versions", Scope.READ),
            Map.entry("GET /api/v1/models/{name}/versions/{version}", Scope.READ),
            Map.entry("GET /api/v1/models/{name}/versions/{version}/artifacts/{file}", Scope.READ),
            Map.entry("HEAD /api/v1/models/{name}/versions/{version}/artifacts/{file}", Scope.READ),
            Map.entry("PUT /api/v1/models/{name}/aliases/{alias}", Scope.PROMOTE),
            Map.entry("DELETE /api/v1/models/{name}/aliases/{alias}", Scope.PROMOTE),
            Map.entry("POST /api/v1/models", Scope.TRAIN),
            Map.entry("PUT /api/v1/models/{name}/tags/{key}", Scope.PROMOTE),
            Map.entry("DELETE /api/v1/models/{name}/tags/{key}", Scope.PROMOTE),
            Map.entry("PUT /api/v1/models/{name}/versions/{version}/tags/{key}", Scope.PROMOTE),
            Map.entry("DELETE /api/v1/models/{name}/versions/{version}/tags/{key}", Scope.PROMOTE),
            Map.entry("POST /api/v1/models/{name}/versions/{version}:archive", Scope.PROMOTE),
            Map.entry("POST /api/v1/models/{name}/versions/{version}:restore", Scope.PROMOTE),
            Map.entry("POST /api/v1/models/{name}/versions/{version}:undelete", Scope.PROMOTE),
            Map.entry("DELETE /api/v1/models/{name}/versions/{version}", Scope.PROMOTE),
            Map.entry("GET /api/v1/models/{name}/deleted-versions", Scope.READ),
            Map.entry("GET /api/v1/models/{name}/versions:compare", Scope.READ),
            Map.entry("GET /api/v1/models/{name}/versions/{version}/lineage", Scope.READ),
            Map.entry("GET /api/v1/models/{name}/aliases/{alias}/history", Scope.READ),
            Map.entry("GET /api/v1/models/{name}/aliases/{alias}/gate", Scope.READ),
            Map.entry("PUT /api/v1/models/{name}/aliases/{alias}/gate", Scope.ADMIN),
            Map.entry("DELETE /api/v1/models/{name}/aliases/{alias}/gate", Scope.ADMIN),
            Map.entry("GET /api/v1/audit", Scope.ADMIN),
            Map.entry("GET /api/v1/models/{name}/audit", Scope.READ),
            Map.entry("POST /api/2.0/mlflow/registered-models/create", Scope.TRAIN),
            Map.entry("GET /api/2.0/mlflow/registered-models/get", Scope.READ),
            Map.entry("PATCH /api/2.0/mlflow/registered-models/update", Scope.PROMOTE),
            Map.entry("GET /api/2.0/mlflow/registered-models/search", Scope.READ),
            Map.entry("GET /api/2.0/mlflow/registered-models/get-latest-versions", Scope.READ),
            Map.entry("POST /api/2.0/mlflow/registered-models/get-latest-versions", Scope.READ),
            Map.entry("POST /api/2.0/mlflow/registered-models/set-tag", Scope.PROMOTE),
            Map.entry("DELETE /api/2.0/mlflow/registered-models/delete-tag", Scope.PROMOTE),
            Map.entry("POST /api/2.0/mlflow/registered-models/alias", Scope.PROMOTE),
            Map.entry("DELETE /api/2.0/mlflow/registered-models/alias", Scope.PROMOTE),
            Map.entry("GET /api/2.0/mlflow/registered-models/alias", Scope.READ),
            Map.entry("POST /api/2.0/mlflow/model-versions/create", Scope.TRAIN),
            Map.entry("GET /api/2.0/mlflow/model-versions/get", Scope.READ),
            Map.entry("GET /api/2.0/mlflow/model-versions/search", Scope.READ),
            Map.entry("GET /api/2.0/mlflow/model-versions/get-download-uri", Scope.READ),
            Map.entry("POST /api/2.0/mlflow/model-versions/set-tag", Scope.PROMOTE),
            Map.entry("DELETE /api/2.0/mlflow/model-versions/delete-tag", Scope.PROMOTE),
            Map.entry("GET /api/v1/resolve", Scope.READ)));
  }
}
