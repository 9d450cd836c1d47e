/** To be filled. */
@NullMarked
package spikemlp.benchmark;

import org.jspecify.annotations.NullMarked;
