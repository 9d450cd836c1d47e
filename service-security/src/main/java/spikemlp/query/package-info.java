/** Reads what a request's query asks for. */
@NullMarked
package spikemlp.query;

import org.jspecify.annotations.NullMarked;
