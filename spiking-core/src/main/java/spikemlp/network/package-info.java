/** The whole network: its layers in their order, its weights by name, its losses. */
@NullMarked
package spikemlp.network;

import org.jspecify.annotations.NullMarked;
