/**
 * Searches: a small filter grammar, its parser, the parameterised SQL that it becomes, and pages
 * that continue by the key of their last row. Text of a caller never becomes text of a statement.
 */
@NullMarked
package spikemlp.registry.search;

import org.jspecify.annotations.NullMarked;
