/**
 * Studies: grids of trainings under one seed protocol. A study's runs are ordinary training jobs in
 * the trainer's queue; this package plans them, submits those that inherit once their parents have
 * completed, and makes the table.
 */
@NullMarked
package spikemlp.trainer.study;

import org.jspecify.annotations.NullMarked;
