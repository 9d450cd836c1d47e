package spikemlp.registry.version;

import java.time.Instant;
import spikemlp.contract.registry.VersionState;

/**
 * A version that is deleted and can still be brought back.
 *
 * @param state what it had, and has again when it is brought back
 * @param purgedAfter when its grace period is over
 */
record DeletedVersion(
    String model, int version, VersionState state, Instant deletedAt, Instant purgedAfter) {}
