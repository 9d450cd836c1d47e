/** The inference service: it answers pictures with labels and an energy estimate. */
@NullMarked
package spikemlp.inference;

import org.jspecify.annotations.NullMarked;
