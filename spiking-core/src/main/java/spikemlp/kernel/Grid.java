package spikemlp.kernel;

/**
 * The shape of an axis product: {@code blocks} blocks of {@code features} rows, each {@code inner}
 * numbers long, beginning at {@code offset} in input and output alike.
 */
public record Grid(long offset, int blocks, int features, int inner) {}
