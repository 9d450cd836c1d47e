/** To be filled. */
@NullMarked
package spikemlp.launcher;

import org.jspecify.annotations.NullMarked;
