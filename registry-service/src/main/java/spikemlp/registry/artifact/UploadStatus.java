package spikemlp.registry.artifact;

import java.time.Instant;
import java.util.UUID;

/**
 * A resumable upload as the API shows it.
 *
 * @param size bytes that the whole content has
 * @param offset bytes that have arrived
 * @param expiresAt when it is given up unless another part comes
 */
record UploadStatus(UUID id, String sha256, long size, long offset, Instant expiresAt) {}
