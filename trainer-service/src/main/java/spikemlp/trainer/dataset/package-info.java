/**
 * The images that jobs train on: found below the configured roots, drawn by code, or uploaded as a
 * zip archive. An uploaded archive is checked whole before it is a data set, is kept as the one
 * file it came as, and is never unpacked: no entry of it names anything on the disk.
 */
@NullMarked
package spikemlp.trainer.dataset;

import org.jspecify.annotations.NullMarked;
