/**
 * The part of MLflow's registry API that lists models and resolves versions, with MLflow's fields,
 * error codes and page tokens. What MLflow calls a run is a training job; a source is never read.
 */
@NullMarked
package spikemlp.registry.mlflow;

import org.jspecify.annotations.NullMarked;
