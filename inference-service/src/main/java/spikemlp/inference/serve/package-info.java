/**
 * The way of a request that both interfaces share: its body, bounded in bytes, time and memory; the
 * version that answers and a place with it; decoding and computing; shadows; and what is counted.
 */
@NullMarked
package spikemlp.inference.serve;

import org.jspecify.annotations.NullMarked;
