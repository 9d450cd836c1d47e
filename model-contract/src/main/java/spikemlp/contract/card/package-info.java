/**
 * The model card: everything an engine needs to run an exported network and to count its
 * operations, carried inside the model file itself.
 */
@NullMarked
package spikemlp.contract.card;

import org.jspecify.annotations.NullMarked;
