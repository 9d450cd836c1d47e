package spikemlp.registry.audit;

import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One change.
 *
 * @param actor the token's subject
 * @param action what was done, such as {@code alias.move}
 * @param subject to what, such as {@code digits@champion}
 * @param before JSON; null if there was nothing
 * @param after JSON; null if nothing is left
 * @param detail what else there is to say, a JSON object
 */
record AuditEntry(
    long id,
    Instant at,
    String actor,
    String action,
    String subject,
    @JsonRawValue @Nullable String before,
    @JsonRawValue @Nullable String after,
    @JsonRawValue String detail) {}
