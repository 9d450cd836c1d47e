/**
 * The audit log: one row for every change, written in the change's own transaction and never
 * changed afterwards; a database trigger refuses it.
 */
@NullMarked
package spikemlp.registry.audit;

import org.jspecify.annotations.NullMarked;
