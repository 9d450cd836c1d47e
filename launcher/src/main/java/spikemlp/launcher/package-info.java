/**
 * The whole platform in one command: finds its home, starts an embedded PostgreSQL and the four
 * services in this process, and drives them over their REST API as any other client would.
 */
@NullMarked
package spikemlp.launcher;

import org.jspecify.annotations.NullMarked;
