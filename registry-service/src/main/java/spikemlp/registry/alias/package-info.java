/**
 * Aliases, names that move between a model's READY versions, and the resolution of a reference such
 * as {@code digits@champion} to the version it means.
 */
@NullMarked
package spikemlp.registry.alias;

import org.jspecify.annotations.NullMarked;
