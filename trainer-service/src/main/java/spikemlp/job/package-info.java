/** To be filled. */
@NullMarked
package spikemlp.job;

import org.jspecify.annotations.NullMarked;
