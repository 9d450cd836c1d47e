/**
 * What a service answers when a request fails: RFC 9457 problems with a stable {@code code}, and
 * never a stack trace, SQL or a path.
 */
@NullMarked
package spikemlp.problem;

import org.jspecify.annotations.NullMarked;
