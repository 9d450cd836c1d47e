/** Tells threads of a service that its database has news for them. */
@NullMarked
package spikemlp.signal;

import org.jspecify.annotations.NullMarked;
