/**
 * The registry service: models, their immutable versions, the aliases that move between them, and
 * the content-addressed artifacts, on PostgreSQL and a directory. This package holds what every
 * feature shares: the application, its open routes, request bodies, and the answer when PostgreSQL
 * is gone.
 */
@NullMarked
package spikemlp.registry;

import org.jspecify.annotations.NullMarked;
