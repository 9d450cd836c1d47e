package spikemlp.registry.alias;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One move of an alias.
 *
 * @param from the version it pointed at; null for a new alias
 * @param to the version it points at since; null for a removed one
 * @param overrideReason why its gate was overridden; null if it was not
 */
record AliasMove(
    @Nullable Integer from,
    @Nullable Integer to,
    String actor,
    Instant movedAt,
    @Nullable String overrideReason) {}
