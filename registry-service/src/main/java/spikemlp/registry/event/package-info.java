/**
 * What changed, told to subscribers: events that database triggers write in the transaction of the
 * change, as Server-Sent Events that can be resumed.
 */
@NullMarked
package spikemlp.registry.event;

import org.jspecify.annotations.NullMarked;
