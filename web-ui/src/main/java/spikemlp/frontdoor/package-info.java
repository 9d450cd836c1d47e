/** To be filled. */
@NullMarked
package spikemlp.frontdoor;

import org.jspecify.annotations.NullMarked;
