package spikemlp.kernel;

/** Row after row, as the numbers are. */
record NaiveOutputGradient(double[] numbers) implements OutputGradient {}
