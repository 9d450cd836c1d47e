package spikemlp.registry.artifact;

import java.nio.file.Path;
import spikemlp.contract.registry.Artifact;

/**
 * A content that has arrived and was found to have its hash; not stored yet.
 *
 * @param file forced to the disk, on the disk of the artifact directory
 * @param blocks see {@link ContentDigest#blocks}
 */
record Staged(Path file, Artifact artifact, byte[] blocks) {}
