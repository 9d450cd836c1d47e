/**
 * What goes out with a version: a manifest signed with the registry's own key, and the model card
 * as people read it.
 */
@NullMarked
package spikemlp.registry.manifest;

import org.jspecify.annotations.NullMarked;
