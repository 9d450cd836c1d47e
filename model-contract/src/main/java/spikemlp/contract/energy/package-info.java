/** Operation counts and the named models that turn them into estimated picojoules. */
@NullMarked
package spikemlp.contract.energy;

import org.jspecify.annotations.NullMarked;
