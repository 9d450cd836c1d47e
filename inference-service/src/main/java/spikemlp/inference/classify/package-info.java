/** The REST interface: a picture in, the top k classes and the energy estimate out. */
@NullMarked
package spikemlp.inference.classify;

import org.jspecify.annotations.NullMarked;
