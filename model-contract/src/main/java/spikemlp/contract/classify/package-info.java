/** What the inference service answers: labels, probabilities and the energy estimate. */
@NullMarked
package spikemlp.contract.classify;

import org.jspecify.annotations.NullMarked;
