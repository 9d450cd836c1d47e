/**
 * The platform's one public port: routes {@code /api} and {@code /v2} to the services, unbuffered
 * both ways, and serves the page. It checks no tokens, the services do; it opens no path that it
 * does not know.
 */
@NullMarked
package spikemlp.frontdoor;

import org.jspecify.annotations.NullMarked;
