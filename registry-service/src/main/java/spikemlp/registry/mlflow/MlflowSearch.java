package spikemlp.registry.mlflow;

import java.util.List;
import spikemlp.registry.mlflow.MlflowError.Code;
import spikemlp.registry.search.FieldSet;
import spikemlp.registry.search.Search;
import spikemlp.registry.version.Models;
import spikemlp.registry.version.Versions;

/** Filters and orders by MLflow's names of the fields. */
final class MlflowSearch {

  private static final FieldSet MODELS = times(Models.FIELDS);
  private static final FieldSet VERSIONS =
      times(Versions.FIELDS_OF_ALL).alias("run_id", "job").alias("version_number", "version");

  private MlflowSearch() {}

  static Search models(MlflowRequest request) {
    return of(request, MODELS);
  }

  static Search versions(MlflowRequest request) {
    return of(request, VERSIONS);
  }

  private static FieldSet times(FieldSet fields) {
    return fields
        .alias("tag", "tags")
        .alias("creation_timestamp", "created")
        .alias("last_updated_timestamp", "created");
  }

  private static Search of(MlflowRequest request, FieldSet fields) {
    Search search = Search.of(request.optionalText("filter").orElse(""), fields);
    List<String> orders = request.texts("order_by");
    if (orders.size() > 1) {
      throw new MlflowException(
          Code.INVALID_PARAMETER_VALUE, "'order_by' has one field here, not " + orders.size());
    }
    return orders.isEmpty() ? search : search.orderedBy(orders.getFirst(), fields);
  }
}
