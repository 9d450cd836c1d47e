/**
 * A real PostgreSQL without an installation: unpacks embedded binaries, starts a server that keeps
 * its data, survives a kill of the Java process and accepts none but its owner; and chooses the
 * database that tests use.
 */
@NullMarked
package spikemlp.postgres;

import org.jspecify.annotations.NullMarked;
