/** To be filled. */
@NullMarked
package spikemlp.version;

import org.jspecify.annotations.NullMarked;
