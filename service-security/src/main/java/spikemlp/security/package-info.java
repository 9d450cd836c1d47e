/** To be filled. */
@NullMarked
package spikemlp.security;

import org.jspecify.annotations.NullMarked;
