/**
 * Numbers at work: native tensors on ND4J, the loops over them, and the threads they run on. Each
 * loop exists twice behind one interface: naive, with the equations visible and in single or double
 * precision, and vectorised, in single precision, with exactly the same results going forward.
 */
@NullMarked
package spikemlp.kernel;

import org.jspecify.annotations.NullMarked;
