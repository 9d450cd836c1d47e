/**
 * Events delivered to addresses outside: signed, retried, logged, over HTTPS alone, and never to an
 * address within the operator's network that the configuration does not name.
 */
@NullMarked
package spikemlp.registry.webhook;

import org.jspecify.annotations.NullMarked;
