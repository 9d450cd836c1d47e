/**
 * Artifacts: files named by the SHA-256 of their content, uploaded in a stream, bounded, written
 * atomically and verified before they are served. A user's file name or path never names a file.
 */
@NullMarked
package spikemlp.registry.artifact;

import org.jspecify.annotations.NullMarked;
