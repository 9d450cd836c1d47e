/**
 * What a trained version was and did, as a page with the paper's figures: training curves, firing
 * rates, operations and energy, receptive fields. Draws SVG and HTML itself; computes nothing that
 * the training, the evaluation or the export did not measure.
 */
@NullMarked
package spikemlp.report;

import org.jspecify.annotations.NullMarked;
