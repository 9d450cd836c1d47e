/**
 * What the trainer says and is told over REST about studies: grids of trainings and their table.
 */
@NullMarked
package spikemlp.contract.study;

import org.jspecify.annotations.NullMarked;
