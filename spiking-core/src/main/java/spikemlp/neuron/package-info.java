/** To be filled. */
@NullMarked
package spikemlp.neuron;

import org.jspecify.annotations.NullMarked;
