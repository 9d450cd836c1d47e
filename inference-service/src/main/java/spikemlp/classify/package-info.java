/** To be filled. */
@NullMarked
package spikemlp.classify;

import org.jspecify.annotations.NullMarked;
