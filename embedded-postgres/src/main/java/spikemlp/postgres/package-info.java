/** To be filled. */
@NullMarked
package spikemlp.postgres;

import org.jspecify.annotations.NullMarked;
